package io.sextant.numerics.probe;

import io.sextant.schema.stats.LayerStatistics;
import java.io.Serializable;
import java.util.Locale;

/**
 * How well activations fit a 2:4 sparse operand, as measured: real activations are not independent,
 * so that nothing follows from the share of zeros alone.
 *
 * @param zeros share of activations that are 0
 * @param overTwo share of groups of four with more than two values that are not 0
 * @param dropped share of the sum of squares that goes with what is not kept
 */
public record Sparse24Fit(double zeros, double overTwo, double dropped) implements Serializable {
  /** Of a product of two E4M3 operands: 28.5 dB (arXiv 2503.16672 takes it as the measure). */
  public static final double FP8_NOISE = Math.pow(10, -2.85);

  /** Of N(0,1): what the two smallest of four hold of the sum of squares. */
  static final double DROPPED_OF_GAUSSIAN = 0.1324;

  /** From the statistics of one snapshot. */
  public static Sparse24Fit of(LayerStatistics activations) {
    return new Sparse24Fit(
        activations.zeroFraction(), 1 - activations.fits24(), 1 - activations.energyKept24());
  }

  /** Whether there are zeros at all: a squared ReLU, or what else makes them. */
  public boolean candidate() {
    return zeros > 0.01;
  }

  /** Share of groups that would have more than two values if activations were independent. */
  public double overTwoIfIndependent() {
    double density = 1 - zeros;
    return 4 * Math.pow(density, 3) * zeros + Math.pow(density, 4);
  }

  /** Whether less goes than FP8 would add as noise. */
  public boolean belowFp8Noise() {
    return dropped <= FP8_NOISE;
  }

  /** In decibels under the activations: 28.5 is FP8's own noise. */
  public double droppedDb() {
    return -10 * Math.log10(dropped);
  }

  /** What was found, for a person. */
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
