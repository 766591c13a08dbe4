package io.sextant.numerics.format;

/**
 * The selection of a 2:4 sparse operand: of every four neighbours in a row, the two with the
 * largest magnitudes are kept; among equal magnitudes, the first. It equals the selection of our
 * kernel ({@code sparse24.cu}) bit for bit.
 */
public final class TwoOfFour {
  /** Number of values in a group. */
  public static final int GROUP = 4;

  private TwoOfFour() {}

  /**
   * The places of the two kept values of a group.
   *
   * @param values values of the matrix, all finite
   * @param start index of the group's first value
   * @return the lower place in the two lowest bits, the higher one in the next two
   */
  public static int places(float[] values, int start) {
    int best = 0;
    int next = -1;
    for (int i = 1; i < GROUP; i++) {
      if (magnitude(values, start + i) > magnitude(values, start + best)) {
        next = best;
        best = i;
      } else if (next < 0 || magnitude(values, start + i) > magnitude(values, start + next)) {
        next = i;
      }
    }
    return Math.min(best, next) | Math.max(best, next) << 2;
  }

  /**
   * The matrix with zeros in place of all dropped values.
   *
   * @param values values of the matrix, row-major; the row length is a multiple of four
   */
  public static float[] pruned(float[] values) {
    float[] kept = new float[values.length];
    for (int start = 0; start < values.length; start += GROUP) {
      int places = places(values, start);
      int low = start + (places & 3);
      int high = start + (places >> 2);
      kept[low] = values[low];
      kept[high] = values[high];
    }
    return kept;
  }

  private static float magnitude(float[] values, int at) {
    return Math.abs(values[at]);
  }
}
