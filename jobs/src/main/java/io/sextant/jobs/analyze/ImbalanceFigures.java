package io.sextant.jobs.analyze;

import java.util.Arrays;

/**
 * How uneven loads are.
 *
 * @param maxOverMean largest load over the mean; 1 is even
 * @param meanOverMax its inverse, the balancedness that serving engines log
 * @param jain (sum x)^2 / (n sum x^2) of R. Jain, D. Chiu and W. Hawe, DEC-TR-301, 1984; 1 is even
 * @param cv standard deviation of the population over the mean; 0 is even
 * @param gini mean absolute difference of two loads over twice the mean; 0 is even
 */
record ImbalanceFigures(
    double maxOverMean, double meanOverMax, double jain, double cv, double gini) {

  /**
   * @param loads not negative, at least one positive
   */
  static ImbalanceFigures of(long[] loads) {
    long[] sorted = loads.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    double sum = 0;
    double squares = 0;
    double ranked = 0;
    for (int i = 0; i < n; i++) {
      double load = sorted[i];
      sum += load;
      squares += load * load;
      ranked += (2.0 * (i + 1) - n - 1) * load;
    }
    if (!(sum > 0)) {
      throw new IllegalArgumentException("Cannot measure the imbalance of no load at all");
    }
    double mean = sum / n;
    double deviations = 0;
    for (long load : sorted) {
      deviations += (load - mean) * (load - mean);
    }
    return new ImbalanceFigures(
        sorted[n - 1] / mean,
        mean / sorted[n - 1],
        sum * sum / (n * squares),
        Math.sqrt(deviations / n) / mean,
        ranked / (n * sum));
  }

  /**
   * Loads of equal groups of consecutive experts.
   *
   * @param groups divides the number of experts
   */
  static long[] grouped(long[] loads, int groups) {
    int size = loads.length / groups;
    long[] sums = new long[groups];
    for (int e = 0; e < size * groups; e++) {
      sums[e / size] += loads[e];
    }
    return sums;
  }
}
