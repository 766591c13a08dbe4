package io.sextant.schema.trace.tensorrt;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceStream;
import io.sextant.schema.tensor.LittleEndian;
import io.sextant.schema.tensor.SafetensorsHeader;
import io.sextant.schema.tensor.SafetensorsHeader.Tensor;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The counts file of a rank, used to check the rows of its raw file. Both have the same keys. A
 * key's counts are summed over all calls of the layer, but its rows are those of the last call
 * only, so rows are lost if the MoE works in chunks.
 *
 * @param name the counts file's name
 * @param counts the counts under each key
 */
record CountsBeside(String name, Map<StatisticsKey, Counted> counts) {
  private static final List<String> COMPRESSIONS = List.of("", ".zst", ".gz");
  private static final int BLOCK_BYTES = 1 << 16;

  /**
   * @param positions number of ids that have a count: experts or slots
   */
  record Counted(Sum sum, long positions) {}

  /**
   * A checksum of counts or rows: equal counts of every id give equal sums, different counts almost
   * never do.
   *
   * @param ids number of ids counted
   * @param mark the sum of {@link #mark} over them
   */
  record Sum(long ids, long mark) {
    /** A 64-bit mix of an id (the finalizer of SplitMix64, Steele et al. 2014). */
    static long mark(long id) {
      long mixed = (id + 1) * 0x9E3779B97F4A7C15L;
      mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
      mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
      return mixed ^ (mixed >>> 31);
    }
  }

  /**
   * Reads the counts file that belongs to a raw file.
   *
   * @return the counts; empty if there is no such file or it is not sound. Ingesting the counts
   *     file itself reports the fault
   * @throws IOException if the storage fails
   */
  static Optional<CountsBeside> of(TraceFile raw) throws IOException {
    String name = raw.path().substring(raw.path().lastIndexOf('/') + 1);
    int mark = name.lastIndexOf("_raw.safetensors");
    if (mark < 0) {
      return Optional.empty();
    }
    for (String compression : COMPRESSIONS) {
      String counts = name.substring(0, mark) + ".safetensors" + compression;
      Optional<TraceFile> file = raw.sibling(counts);
      if (file.isPresent()) {
        try {
          return read(counts, file.get());
        } catch (CorruptTraceException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<CountsBeside> read(String name, TraceFile file)
      throws CorruptTraceException, IOException {
    Map<StatisticsKey, Counted> counts = new HashMap<>();
    try (TraceStream stream = TraceStream.open(file)) {
      for (Tensor tensor : SafetensorsHeader.read(stream).tensors()) {
        int item = itemBytes(tensor.dtype());
        if (tensor.shape().size() != 1 || item == 0) {
          return Optional.empty();
        }
        Sum sum = sum(tensor.bytes(), item, stream);
        if (sum == null) {
          return Optional.empty();
        }
        counts.put(StatisticsKey.of(tensor.name()), new Counted(sum, tensor.shape().get(0)));
      }
    }
    return counts.isEmpty() ? Optional.empty() : Optional.of(new CountsBeside(name, counts));
  }

  private static Sum sum(long bytes, int item, TraceStream stream) throws IOException {
    byte[] block = new byte[BLOCK_BYTES];
    long counted = 0;
    long mark = 0;
    long id = 0;
    for (long left = bytes; left > 0; ) {
      int wanted = (int) Math.min(left, BLOCK_BYTES);
      if (stream.readNBytes(block, 0, wanted) < wanted) {
        return null;
      }
      for (int at = 0; at < wanted; at += item) {
        long count = LittleEndian.whole(block, at, item);
        counted += count;
        mark += count * Sum.mark(id++);
      }
      left -= wanted;
    }
    return new Sum(counted, mark);
  }

  /** Number of bytes of a count; 0 if the type is not an integer type. */
  static int itemBytes(String dtype) {
    return switch (dtype) {
      case "I32" -> Integer.BYTES;
      case "I64" -> Long.BYTES;
      default -> 0;
    };
  }
}
