package io.sextant.schema.stats;

import java.io.Serializable;

/**
 * An estimate and its 95 % confidence interval; null if there is none.
 *
 * @param value the estimate
 * @param low the lower end of the interval
 * @param high the upper end of the interval
 */
public record Estimate(Double value, Double low, Double high) implements Serializable {
  /** An estimate without value and interval. */
  public static final Estimate NONE = new Estimate(null, null, null);

  /** The standard normal quantile of 0.975. */
  private static final double Z = 1.959963984540054;

  /** An estimate with a symmetric interval. */
  public static Estimate within(double value, double margin) {
    return new Estimate(value, value - margin, value + margin);
  }

  /**
   * Mean of n values with the interval of the mean, mean -+ z s / sqrt(n). The interval assumes
   * independent values. Over all layers it is too narrow, because the values of one request are not
   * independent.
   *
   * @return the estimate; {@link #NONE} if there are no values, without an interval if there is
   *     only one
   */
  public static Estimate ofMean(long n, double sum, double sumOfSquares) {
    if (n == 0) {
      return NONE;
    }
    double mean = sum / n;
    if (n == 1) {
      return new Estimate(mean, null, null);
    }
    double variance = Math.max(0, (sumOfSquares - n * mean * mean) / (n - 1));
    return within(mean, Z * Math.sqrt(variance / n));
  }

  /**
   * A Pearson correlation of n pairs. The variance of Fisher's z is 1 / (n - 3).
   *
   * @return without an interval if n is 3 or less, or the correlation is 1 or -1
   */
  public static Estimate ofPearson(double r, int n) {
    return fisher(r, n, 1);
  }

  /**
   * A Spearman correlation of n pairs. The variance of Fisher's z is (1 + r^2 / 2) / (n - 3) (D.
   * Bonett, T. Wright, Psychometrika 65, 2000).
   *
   * @return without an interval if n is 3 or less, or the correlation is 1 or -1
   */
  public static Estimate ofSpearman(double r, int n) {
    return fisher(r, n, 1 + r * r / 2);
  }

  private static Estimate fisher(double r, int n, double variance) {
    if (n <= 3 || Math.abs(r) >= 1) {
      return new Estimate(r, null, null);
    }
    double z = 0.5 * Math.log((1 + r) / (1 - r));
    double margin = Z * Math.sqrt(variance / (n - 3));
    return new Estimate(r, Math.tanh(z - margin), Math.tanh(z + margin));
  }
}
