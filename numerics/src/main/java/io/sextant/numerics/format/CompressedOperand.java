package io.sextant.numerics.format;

/**
 * A 2:4 sparse matrix as cuSPARSELt's kernels for Hopper read it: the kept values row-major, [rows,
 * columns / 2], then, per group of four, four bits that give the places of the two kept values. The
 * places are stored in blocks of 64 rows by 64 columns, 512 bytes each. The layout is not
 * documented; it was inferred from the output of {@code cusparseLtSpMMACompress} of version 0.8.0
 * for matrices of distinct values.
 */
public final class CompressedOperand {
  /** Rows and columns must be multiples of this. */
  public static final int SIDE = 64;

  private static final int GROUPS = SIDE / TwoOfFour.GROUP;
  private static final int HALVES_OF_BLOCK = SIDE * GROUPS;

  private CompressedOperand() {}

  /** Number of bytes of a matrix's places. */
  public static long placesBytes(long rows, long columns) {
    return rows * columns / TwoOfFour.GROUP / 2;
  }

  /**
   * The kept values, [rows, columns / 2].
   *
   * @param values values of the matrix, row-major
   */
  public static float[] values(float[] values) {
    float[] kept = new float[values.length / 2];
    for (int start = 0; start < values.length; start += TwoOfFour.GROUP) {
      int places = TwoOfFour.places(values, start);
      kept[start / 2] = values[start + (places & 3)];
      kept[start / 2 + 1] = values[start + (places >> 2)];
    }
    return kept;
  }

  /**
   * The places, two groups per byte, in the library's order.
   *
   * @param e4m3 true if values are eight bits wide, false if sixteen
   */
  public static byte[] places(float[] values, int rows, int columns, boolean e4m3) {
    byte[] bytes = new byte[(int) placesBytes(rows, columns)];
    int groups = columns / TwoOfFour.GROUP;
    for (int row = 0; row < rows; row++) {
      for (int group = 0; group < groups; group++) {
        int half = half(row, group, columns, e4m3);
        int places = TwoOfFour.places(values, row * columns + group * TwoOfFour.GROUP);
        bytes[half / 2] |= (byte) (places << (4 * (half % 2)));
      }
    }
    return bytes;
  }

  /** The index of the half byte that holds a group's places. */
  static int half(int row, int group, int columns, boolean e4m3) {
    int block = row / SIDE * (columns / SIDE) + group / GROUPS;
    int r = row % SIDE;
    int g = group % GROUPS;
    int within =
        e4m3
            ? bit(g, 0, 0)
                | bit(r, 3, 1)
                | bit(g, 3, 2)
                | bit(g, 1, 3)
                | bit(g, 2, 4)
                | ((r & 7) << 5)
                | ((r >> 4) << 8)
            : bit(r, 3, 0)
                | bit(g, 2, 1)
                | bit(g, 0, 2)
                | bit(g, 1, 3)
                | ((r & 7) << 4)
                | ((r >> 4) << 7)
                | bit(g, 3, 9);
    return block * HALVES_OF_BLOCK + within;
  }

  private static int bit(int value, int from, int to) {
    return ((value >> from) & 1) << to;
  }
}
