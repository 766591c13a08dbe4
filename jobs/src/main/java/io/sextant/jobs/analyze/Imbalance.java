package io.sextant.jobs.analyze;

import java.util.Arrays;

/**
 * How unevenly a load is spread.
 *
 * @param maxOverMean largest load over the mean; 1 is even
 * @param meanOverMax its inverse, which engines call balancedness
 * @param jain Jain's fairness index, (sum x)^2 / (n sum x^2); 1 is even
 * @param cv standard deviation over the mean; 0 is even
 * @param gini Gini coefficient; 0 is even
 */
record Imbalance(double maxOverMean, double meanOverMax, double jain, double cv, double gini) {

  /** Of loads that are not all 0. */
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

  /** Loads of equal groups of consecutive experts: those of the GPUs of a linear placement. */
  static long[] grouped(long[] loads, int groups) {
    long[] sums = new long[groups];
    int size = loads.length / groups;
    for (int i = 0; i < groups * size; i++) {
      sums[i / size] += loads[i];
    }
    return sums;
  }
}
