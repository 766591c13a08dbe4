package io.sextant.schema.tensor;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.zip.ZipEntryBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the arguments of a pickle's instructions: numbers, texts, byte strings and names, each of
 * bounded length.
 */
final class PickleArguments {
  static final int MOST_BLOB_BYTES = 1 << 20;
  private static final int MOST_TEXT_BYTES = 1 << 16;

  private final ZipEntryBytes bytes;

  PickleArguments(ZipEntryBytes bytes) {
    this.bytes = bytes;
  }

  /** A little-endian number of the given number of bytes, signed only if there are 8. */
  long number(int length) throws CorruptTraceException, IOException {
    long value = 0;
    for (int i = 0; i < length; i++) {
      value |= (long) bytes.one() << (8 * i);
    }
    return value;
  }

  /** A signed number of up to 8 bytes. */
  long wide(long length) throws CorruptTraceException, IOException {
    if (length < 0 || length > Long.BYTES) {
      throw new CorruptTraceException("the pickle has a number of %d bytes".formatted(length));
    }
    int unused = Long.SIZE - 8 * (int) length;
    return length == 0 ? 0 : number((int) length) << unused >> unused;
  }

  String text(long length) throws CorruptTraceException, IOException {
    return new String(content(length, MOST_TEXT_BYTES, "text"), StandardCharsets.UTF_8);
  }

  byte[] blob(long length) throws CorruptTraceException, IOException {
    return content(length, MOST_BLOB_BYTES, "byte string");
  }

  private byte[] content(long length, int most, String what)
      throws CorruptTraceException, IOException {
    if (length < 0 || length > most) {
      throw new CorruptTraceException(
          "the pickle has a %s of %s bytes".formatted(what, Long.toUnsignedString(length)));
    }
    byte[] content = new byte[(int) length];
    bytes.fill(content, 0, content.length);
    return content;
  }

  /** A name, which ends at the end of its line. */
  String line() throws CorruptTraceException, IOException {
    StringBuilder line = new StringBuilder();
    int next;
    while ((next = bytes.one()) != '\n') {
      if (line.length() == MOST_TEXT_BYTES) {
        throw new CorruptTraceException("the pickle has a name with no end");
      }
      line.append((char) next);
    }
    return line.toString();
  }
}
