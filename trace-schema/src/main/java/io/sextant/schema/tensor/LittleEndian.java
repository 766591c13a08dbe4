package io.sextant.schema.tensor;

/** Reads expert ids from raw tensor bytes. */
public final class LittleEndian {
  private LittleEndian() {}

  /**
   * One integer. A value that an {@code int} cannot hold becomes -1, which is not an expert either.
   *
   * @param itemBytes 1, 2, 4 or 8
   */
  public static int id(byte[] bytes, int at, int itemBytes, boolean signed) {
    long value = signed ? whole(bytes, at, itemBytes) : unsigned(bytes, at, itemBytes);
    return value < 0 || value > Integer.MAX_VALUE ? -1 : (int) value;
  }

  /**
   * One signed integer.
   *
   * @param itemBytes 1, 2, 4 or 8
   */
  public static long whole(byte[] bytes, int at, int itemBytes) {
    int unused = Long.SIZE - 8 * itemBytes;
    return unsigned(bytes, at, itemBytes) << unused >> unused;
  }

  private static long unsigned(byte[] bytes, int at, int itemBytes) {
    long value = 0;
    for (int i = 0; i < itemBytes; i++) {
      value |= (bytes[at + i] & 0xFFL) << (8 * i);
    }
    return value;
  }
}
