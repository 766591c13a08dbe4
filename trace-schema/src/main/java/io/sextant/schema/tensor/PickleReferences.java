package io.sextant.schema.tensor;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.zip.ZipEntryBytes;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Finds the numbered parts of a pickle that are referred to later. This first pass only skips over
 * instructions; the second pass then keeps only the objects with references.
 */
final class PickleReferences {
  private static final int ENTRY_BYTES = 64;

  private final Set<Integer> numbers = new HashSet<>();

  private PickleReferences() {}

  /**
   * @param bytes bytes of the pickle; they are read up to the instruction that ends it
   */
  static PickleReferences of(ZipEntryBytes bytes, HeapShare share)
      throws CorruptTraceException, IOException {
    PickleReferences references = new PickleReferences();
    PickleArguments arguments = new PickleArguments(bytes);
    int instruction;
    while ((instruction = bytes.one()) != '.') {
      switch (instruction) {
        case 'h' -> references.add(bytes.one(), share);
        case 'j' -> references.add((int) arguments.number(Integer.BYTES), share);
        case 0x80, 'K', 'q' -> bytes.skip(1);
        case 'M' -> bytes.skip(2);
        case 'J', 'r' -> bytes.skip(Integer.BYTES);
        case 'G', 0x95 -> bytes.skip(Long.BYTES);
        case 0x8a, 0x8c, 'C' -> bytes.skip(bytes.one());
        case 0x8b, 'X', 'B', 0x8d, 0x8e, 0x96 -> {
          boolean wide = instruction == 0x8d || instruction == 0x8e || instruction == 0x96;
          long length = arguments.number(wide ? Long.BYTES : Integer.BYTES);
          if (length < 0 || length > PickleArguments.MOST_BLOB_BYTES) {
            return references; // The second pass reports the fault.
          }
          bytes.skip(length);
        }
        case 'c' -> {
          skipLine(bytes);
          skipLine(bytes);
        }
        default -> {
          // The instruction has no argument, or the second pass rejects it.
        }
      }
    }
    return references;
  }

  /** Whether there is a reference to the part with this number. */
  boolean has(int number) {
    return numbers.contains(number);
  }

  private void add(int number, HeapShare share) throws CorruptTraceException {
    if (numbers.add(number)) {
      share.take(ENTRY_BYTES);
    }
  }

  private static void skipLine(ZipEntryBytes bytes) throws CorruptTraceException, IOException {
    int next = 0;
    while (next != '\n') {
      next = bytes.one();
    }
  }
}
