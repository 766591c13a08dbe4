package io.sextant.jobs.analyze.count;

import java.util.Arrays;
import java.util.Optional;

/**
 * Computes {@link Correlation}s of the expert counts of single requests. A request's counts are
 * small whole numbers, so their sums are exact and their ranks are found by counting instead of
 * sorting. Reuses its arrays between calls; not thread-safe.
 */
final class CountCorrelation {
  private final int[] rankX;
  private final int[] rankY;
  private int[] buckets = {};

  /**
   * @param n length of the vectors
   */
  CountCorrelation(int n) {
    this.rankX = new int[n];
    this.rankY = new int[n];
  }

  /** The correlation of two vectors of counts; empty if one of them is constant. */
  Optional<Correlation> of(int[] x, int[] y) {
    double pearson = pearson(x, y);
    if (Double.isNaN(pearson)) {
      return Optional.empty();
    }
    rank(x, rankX);
    rank(y, rankY);
    return Optional.of(new Correlation(pearson, pearson(rankX, rankY)));
  }

  /**
   * Twice the rank of each value, where the lowest rank is 1; equal values share the mean of their
   * ranks.
   */
  private void rank(int[] values, int[] ranks) {
    int most = 0;
    for (int value : values) {
      most = Math.max(most, value);
    }
    if (most >= buckets.length) {
      buckets = new int[Math.max(most + 1, 2 * buckets.length)];
    }
    Arrays.fill(buckets, 0, most + 1, 0);
    for (int value : values) {
      buckets[value]++;
    }
    int before = 0;
    for (int value = 0; value <= most; value++) {
      int equal = buckets[value];
      buckets[value] = 2 * before + equal + 1;
      before += equal;
    }
    for (int i = 0; i < values.length; i++) {
      ranks[i] = buckets[values[i]];
    }
  }

  private static double pearson(int[] x, int[] y) {
    long sumX = 0;
    long sumY = 0;
    long squaresX = 0;
    long squaresY = 0;
    long products = 0;
    for (int i = 0; i < x.length; i++) {
      sumX += x[i];
      sumY += y[i];
      squaresX += (long) x[i] * x[i];
      squaresY += (long) y[i] * y[i];
      products += (long) x[i] * y[i];
    }
    double n = x.length;
    double varianceX = n * squaresX - (double) sumX * sumX;
    double varianceY = n * squaresY - (double) sumY * sumY;
    double covariance = n * products - (double) sumX * sumY;
    // NaN if one of them is constant.
    return covariance / (Math.sqrt(varianceX) * Math.sqrt(varianceY));
  }
}
