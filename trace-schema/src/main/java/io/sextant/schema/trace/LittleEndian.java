package io.sextant.schema.trace;

/** Expert ids out of raw tensor bytes. */
final class LittleEndian {
  private LittleEndian() {}

  /**
   * One integer; what an {@code int} cannot hold becomes -1, which is no expert either.
   *
   * @param itemBytes 1, 2, 4 or 8
   */
  static int id(byte[] bytes, int at, int itemBytes, boolean signed) {
    long value = 0;
    for (int i = 0; i < itemBytes; i++) {
      value |= (bytes[at + i] & 0xFFL) << (8 * i);
    }
    if (signed) {
      int unused = Long.SIZE - 8 * itemBytes;
      value = value << unused >> unused;
    }
    return value < 0 || value > Integer.MAX_VALUE ? -1 : (int) value;
  }
}
