package io.sextant.jobs.analyze;

import java.util.Arrays;

/**
 * Measures of how unevenly a load is distributed.
 *
 * @param maxOverMean largest load divided by the mean; 1 is even
 * @param meanOverMax the inverse of {@code maxOverMean}, which engines call balancedness
 * @param jain Jain's fairness index, (sum x)^2 / (n sum x^2); 1 is even
 * @param cv coefficient of variation: standard deviation divided by the mean; 0 is even
 * @param gini Gini coefficient; 0 is even
 */
record Imbalance(double maxOverMean, double meanOverMax, double jain, double cv, double gini) {

  /** The imbalance of loads that are not all 0. */
  static Imbalance of(long[] loads) {
    long[] sorted = loads.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    double sum = 0;
    double squares = 0;
    double ranked = 0;
    for (int i = 0; i < n; i++) {
      sum += sorted[i];
      squares += (double) sorted[i] * sorted[i];
      ranked += (2.0 * i - n + 1) * sorted[i];
    }
    double mean = sum / n;
    double maxOverMean = sorted[n - 1] / mean;
    double variance = Math.max(0, squares / n - mean * mean);
    return new Imbalance(
        maxOverMean,
        1 / maxOverMean,
        sum * sum / (n * squares),
        Math.sqrt(variance) / mean,
        ranked / (n * sum));
  }

  /**
   * Loads of equal groups of consecutive experts, which are the GPU loads of a linear placement.
   */
  static long[] grouped(long[] loads, int groups) {
    long[] sums = new long[groups];
    int size = loads.length / groups;
    for (int i = 0; i < groups * size; i++) {
      sums[i / size] += loads[i];
    }
    return sums;
  }
}
