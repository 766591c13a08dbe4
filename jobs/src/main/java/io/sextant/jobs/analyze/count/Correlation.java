package io.sextant.jobs.analyze.count;

import java.util.Optional;
import smile.math.MathEx;

/**
 * Correlation of two vectors of expert counts, computed by Smile.
 *
 * @param pearson linear correlation
 * @param spearman correlation of the ranks
 */
public record Correlation(double pearson, double spearman) {

  /**
   * The correlation of two vectors of the same length, which is at least 3; empty if one of them is
   * constant.
   */
  public static Optional<Correlation> of(double[] x, double[] y) {
    if (constant(x) || constant(y)) {
      return Optional.empty();
    }
    return Optional.of(new Correlation(MathEx.cor(x, y), MathEx.spearman(x, y)));
  }

  public static Optional<Correlation> of(long[] x, long[] y) {
    return of(doubles(x), doubles(y));
  }

  private static double[] doubles(long[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  private static boolean constant(double[] values) {
    for (double value : values) {
      if (value != values[0]) {
        return false;
      }
    }
    return true;
  }
}
