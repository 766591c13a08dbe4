package io.sextant.jobs.table;

import java.util.Arrays;

/**
 * Repetition or definition levels of a page as runs of one value, the simpler half of Parquet's
 * RLE/bit-packing hybrid (parquet-format, Encodings.md). A list repeats the same level for all its
 * elements, so only runs occur.
 */
final class LevelRuns {
  private static final int MOST_RUN_BYTES = 6;

  private byte[] bytes = new byte[1 << 12];
  private int size;
  private int level;
  private int count;

  /** Adds a level, 0 to 255, several times. */
  void add(int nextLevel, int times) {
    if (times == 0) {
      return;
    }
    if (nextLevel != level) {
      endRun();
      level = nextLevel;
    }
    count += times;
  }

  private void endRun() {
    if (count == 0) {
      return;
    }
    if (size + MOST_RUN_BYTES > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    }
    int header = count << 1;
    while (header >>> 7 != 0) {
      bytes[size++] = (byte) (header | 0x80);
      header >>>= 7;
    }
    bytes[size++] = (byte) header;
    bytes[size++] = (byte) level;
    count = 0;
  }

  /** The runs added since the last call, without their length. */
  byte[] take() {
    endRun();
    byte[] taken = Arrays.copyOf(bytes, size);
    size = 0;
    return taken;
  }
}
