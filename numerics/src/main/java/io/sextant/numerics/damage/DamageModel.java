package io.sextant.numerics.damage;

import io.sextant.schema.stats.Estimate;
import smile.stat.distribution.TDistribution;

/**
 * How the loss rises with what is pruned: rise = scale x damage. The damage is the sum over the
 * hidden layers of (lost importance)^3, averaged over windows. Importance is in units of the loss,
 * so the layers need no weights. Only the scale is fitted, by least squares of log(rise + noise),
 * because rises span two orders of magnitude and their scatter is proportional to them, down to the
 * difference between two equal runs.
 *
 * <p>With the cube, unimportant neurons cost little and a layer that has lost most of its
 * importance costs much. A first-order sum (exponent 1) rates plans that prune every layer a little
 * as badly as plans that remove most of one layer. The exponent is a constant because 18 runs
 * cannot tell 3 from 4 (docs/sparsity-plans.md has the figures for both).
 *
 * @param scale rise of the loss at a damage of 1
 * @param noise standard deviation of the loss between equal runs
 * @param residual standard deviation of log(rise + noise) about the fit
 * @param plans number of plans that the scale was fitted to
 */
public record DamageModel(double scale, double noise, double residual, int plans) {
  /** Exponent of a layer's lost importance. */
  public static final double EXPONENT = 3;

  private static final int LEAST_PLANS = 4;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
  private static final double TOLERANCE = 1e-9;
  private static final double CONFIDENCE = 0.975;

  /**
   * Fits the scale.
   *
   * @param damage damage of each plan that prunes neurons
   * @param rise rise of each plan's loss above the full model's
   * @param noise standard deviation between equal runs, above 0
   * @throws IllegalArgumentException if there are fewer than four plans, or a plan has no damage
   */
  static DamageModel fit(double[] damage, double[] rise, double noise) {
    if (damage.length < LEAST_PLANS) {
      throw new IllegalArgumentException(damage.length + " plans; at least four are needed");
    }
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < damage.length; i++) {
      if (!(damage[i] > 0)) {
        throw new IllegalArgumentException("plan %d has no damage".formatted(i));
      }
      double exact = Math.log((Math.max(rise[i], 0) + noise) / damage[i]);
      low = Math.min(low, exact);
      high = Math.max(high, exact);
    }
    // Below and above these every residual shrinks towards the other end.
    low -= Math.log(1e3);
    double a = high - GOLDEN * (high - low);
    double b = low + GOLDEN * (high - low);
    while (high - low > TOLERANCE) {
      if (squares(damage, rise, noise, Math.exp(a)) <= squares(damage, rise, noise, Math.exp(b))) {
        high = b;
      } else {
        low = a;
      }
      a = high - GOLDEN * (high - low);
      b = low + GOLDEN * (high - low);
    }
    double scale = Math.exp((low + high) / 2);
    double residual = Math.sqrt(squares(damage, rise, noise, scale) / (damage.length - 2));
    return new DamageModel(scale, noise, residual, damage.length);
  }

  private static double squares(double[] damage, double[] rise, double noise, double scale) {
    double sum = 0;
    for (int i = 0; i < damage.length; i++) {
      double off = Math.log(Math.max(rise[i], 0) + noise) - Math.log(scale * damage[i] + noise);
      sum += off * off;
    }
    return sum;
  }

  /** The part of the damage caused by one hidden layer's lost importance. */
  public static double damage(double lost) {
    return Math.pow(lost, EXPONENT);
  }

  /** The predicted rise of the loss at a damage, with the 95 % prediction interval of one run. */
  Estimate predict(double damage) {
    double value = scale * damage;
    double factor = Math.exp(residual * new TDistribution(plans - 2).quantile(CONFIDENCE));
    return new Estimate(value, (value + noise) / factor - noise, (value + noise) * factor - noise);
  }
}
