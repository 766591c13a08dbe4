package io.sextant.numerics.damage;

import java.util.Random;
import smile.math.MathEx;

/**
 * Agreement of two orders.
 *
 * @param rho Spearman's rho
 * @param chance share of random orders that agree at least as well (one-sided permutation test)
 */
public record RankCorrelation(double rho, double chance) {
  private static final int PERMUTATIONS = 9999;
  private static final long SEED = 20260101;

  /**
   * The correlation of two vectors of equal length, neither of them constant. The seed is fixed, so
   * equal vectors give equal figures.
   */
  static RankCorrelation of(double[] x, double[] y) {
    double rho = MathEx.spearman(x, y);
    Random random = new Random(SEED);
    double[] shuffled = y.clone();
    int asGood = 0;
    for (int i = 0; i < PERMUTATIONS; i++) {
      for (int j = shuffled.length - 1; j > 0; j--) {
        int k = random.nextInt(j + 1);
        double swap = shuffled[j];
        shuffled[j] = shuffled[k];
        shuffled[k] = swap;
      }
      if (MathEx.spearman(x, shuffled) >= rho) {
        asGood++;
      }
    }
    return new RankCorrelation(rho, (asGood + 1.0) / (PERMUTATIONS + 1));
  }
}
