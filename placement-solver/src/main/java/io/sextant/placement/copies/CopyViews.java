package io.sextant.placement.copies;

/**
 * A map with copies as a set of views with a single copy of each expert: a token of a class sees
 * one view.
 *
 * @param experts number of logical experts
 * @param classes number of classes of tokens
 * @param slot shape [classes x experts]: the slot that tokens of a class use
 */
public record CopyViews(int experts, int classes, int[] slot) {

  public CopyViews {
    if (slot.length != classes * experts) {
      throw new IllegalArgumentException(
          "%d slots are not one for each of %d classes and %d experts"
              .formatted(slot.length, classes, experts));
    }
  }

  /**
   * The views of a rule that takes copy number (class modulo the number of copies), with copies in
   * slot order.
   *
   * @param classes number of classes of tokens
   */
  public static CopyViews byNumber(CopyTable copies, int classes) {
    int experts = copies.experts();
    int[] slot = new int[classes * experts];
    for (int c = 0; c < classes; c++) {
      for (int e = 0; e < experts; e++) {
        slot[c * experts + e] = copies.slot()[copies.start()[e] + c % copies.copies(e)];
      }
    }
    return new CopyViews(experts, classes, slot);
  }

  /**
   * The least number after which the views of {@link #byNumber} repeat: the least common multiple
   * of the numbers of copies.
   */
  public static long period(CopyTable copies) {
    long period = 1;
    for (int e = 0; e < copies.experts(); e++) {
      long n = copies.copies(e);
      period = period / gcd(period, n) * n;
      if (period > Integer.MAX_VALUE) {
        return Integer.MAX_VALUE;
      }
    }
    return period;
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
