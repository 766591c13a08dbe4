package io.sextant.numerics.probe;

import io.sextant.schema.stats.LayerStatistics;
import java.io.Serializable;
import java.util.Locale;

/**
 * The measured fit of activations to a 2:4 sparse operand. Real activations are not independent, so
 * the share of zeros alone does not determine it.
 *
 * @param zeros share of activations that are 0
 * @param overTwo share of groups of four with more than two non-zero values
 * @param dropped share of the sum of squares in the values that are not kept
 */
public record Sparse24Fit(double zeros, double overTwo, double dropped) implements Serializable {
  /** Noise of a product of two E4M3 operands: 28.5 dB (the criterion of arXiv 2503.16672). */
  public static final double FP8_NOISE = Math.pow(10, -2.85);

  /** Share of the sum of squares in the two smallest of four values of N(0,1). */
  static final double DROPPED_OF_GAUSSIAN = 0.1324;

  /** The fit from the statistics of one snapshot. */
  public static Sparse24Fit of(LayerStatistics activations) {
    return new Sparse24Fit(
        activations.zeroFraction(), 1 - activations.fits24(), 1 - activations.energyKept24());
  }

  /** Whether there are zeros, for example from a squared ReLU. */
  public boolean candidate() {
    return zeros > 0.01;
  }

  /**
   * Share of groups that would have more than two non-zero values if activations were independent.
   */
  public double overTwoIfIndependent() {
    double density = 1 - zeros;
    return 4 * Math.pow(density, 3) * zeros + Math.pow(density, 4);
  }

  /** Whether the loss is less than the noise that FP8 would add. */
  public boolean belowFp8Noise() {
    return dropped <= FP8_NOISE;
  }

  /** The loss in decibels below the activations; 28.5 is the noise of FP8. */
  public double droppedDb() {
    return -10 * Math.log10(dropped);
  }

  /** The fit in words. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "%.2f %% of groups have more than two values, %.3f %% of the energy goes: %s FP8's own"
            + " noise of %.3f %%",
        100 * overTwo,
        100 * dropped,
        belowFp8Noise() ? "below" : "above",
        100 * FP8_NOISE);
  }
}
