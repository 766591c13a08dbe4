package io.sextant.jobs.analyze;

import smile.stat.distribution.GaussianDistribution;
import smile.stat.distribution.TDistribution;

/**
 * A 95 % interval of a correlation.
 *
 * @param low its lower end, at least -1
 * @param high its upper end, at most 1
 */
record Interval(double low, double high) {
  private static final double UPPER_TAIL = 0.975;
  private static final double NORMAL_QUANTILE =
      GaussianDistribution.getInstance().quantile(UPPER_TAIL);

  /** Above it, Student's quantile is the normal one to 0.001. */
  private static final long MOST_DEGREES = 2_000;

  /**
   * Of the mean of correlations, by Student's t.
   *
   * @param variance of the values, unbiased
   * @param n number of values
   * @return null for fewer than two values
   */
  static Interval ofMean(double mean, double variance, long n) {
    if (n < 2) {
      return null;
    }
    double quantile =
        n > MOST_DEGREES ? NORMAL_QUANTILE : new TDistribution((int) n - 1).quantile(UPPER_TAIL);
    double half = quantile * Math.sqrt(variance / n);
    return new Interval(Math.max(-1, mean - half), Math.min(1, mean + half));
  }

  /**
   * Of one Pearson correlation, by Fisher's z (R. A. Fisher, On the probable error of a coefficient
   * of correlation, 1921).
   *
   * @param n pairs
   * @return null for fewer than four pairs
   */
  static Interval ofPearson(double correlation, long n) {
    return byFisher(correlation, n, 1);
  }

  /**
   * Of one rank correlation: Fisher's z with the variance 1.06 / (n - 3) of Fieller, Hartley and
   * Pearson, Tests for rank correlation coefficients, 1957.
   *
   * @param n pairs
   * @return null for fewer than four pairs
   */
  static Interval ofSpearman(double correlation, long n) {
    return byFisher(correlation, n, 1.06);
  }

  private static Interval byFisher(double correlation, long n, double varianceFactor) {
    if (n < 4) {
      return null;
    }
    double z = 0.5 * Math.log((1 + correlation) / (1 - correlation));
    double half = NORMAL_QUANTILE * Math.sqrt(varianceFactor / (n - 3));
    return new Interval(Math.tanh(z - half), Math.tanh(z + half));
  }
}
