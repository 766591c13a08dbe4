package io.sextant.jobs.analyze;

import smile.math.MathEx;

/**
 * How alike two vectors of expert counts are, computed by Smile.
 *
 * @param pearson product-moment correlation
 * @param spearman the same on ranks, ties sharing their mean rank
 */
record Correlation(double pearson, double spearman) {

  /**
   * @param a counts by expert, not all equal
   * @param b counts by expert, not all equal
   */
  static Correlation of(double[] a, double[] b) {
    return new Correlation(within(MathEx.cor(a, b)), within(MathEx.spearman(a, b)));
  }

  /** Rounding can leave the bounds by a few units of the last place. */
  private static double within(double correlation) {
    return Math.max(-1, Math.min(1, correlation));
  }

  /** Whether a correlation with it is defined. */
  static boolean varies(double[] counts) {
    for (double count : counts) {
      if (count != counts[0]) {
        return true;
      }
    }
    return false;
  }
}
