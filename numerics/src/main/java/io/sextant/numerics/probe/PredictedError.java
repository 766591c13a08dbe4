package io.sextant.numerics.probe;

import io.sextant.numerics.format.Fp8Format;
import io.sextant.numerics.gemm.Recipe;
import io.sextant.schema.stats.LayerStatistics;
import java.io.Serializable;

/**
 * The error of a product under a recipe, predicted from statistics of its operands.
 *
 * @param relativeFrobenius |out - ref| / |ref|: sqrt(noise of the activations + noise of the
 *     weights) times the alignment, plus the rounding of the result to BF16. Values that a 2:4
 *     operand drops count as noise of the activations, with the same alignment
 * @param alignment alignment, see {@link Alignment}; if not known, 1, the maximum for activations
 *     of mean zero
 */
public record PredictedError(Recipe recipe, double relativeFrobenius, double alignment)
    implements Serializable {
  /** Noise of rounding to BF16: uniform within half a step of 2^-8, averaged over a binade. */
  private static final double BF16_NOISE = 0.00166 * 0.00166;

  /** Noise of E4M3 on N(0,1): 31.5 dB. */
  private static final double GAUSSIAN_NOISE = Math.pow(10, -3.155);

  /**
   * The floor of {@link #mere}: it leaves out outputs below this share of their root mean square.
   */
  public static final double MERE_FLOOR = 0.01;

  /** Mean of 1 / |z| over N(0,1) beyond 0.01, the floor of {@code ErrorFigures}. */
  private static final double MEAN_INVERSE = 3.750;

  /** Predicts from the statistics of one snapshot. */
  public static PredictedError of(
      Recipe recipe, LayerStatistics activations, LayerStatistics weights) {
    return of(recipe, activations, weights, Alignment.of(activations, weights));
  }

  /** Predicts with a given alignment; NaN if it is not known. */
  public static PredictedError of(
      Recipe recipe, LayerStatistics activations, LayerStatistics weights, double alignment) {
    return of(recipe, activations, weights, alignment, 1);
  }

  /**
   * Predicts with a given alignment and with the noise of the activations multiplied by a factor.
   */
  static PredictedError of(
      Recipe recipe,
      LayerStatistics activations,
      LayerStatistics weights,
      double alignment,
      double noiseFactor) {
    double kept = Double.isNaN(alignment) ? 1 : alignment;
    double noise =
        recipe.fp8()
            ? noiseFactor
                    * new MagnitudeDistribution(activations)
                        .noise(Fp8Format.E4M3, recipe.activations())
                + new MagnitudeDistribution(weights).noise(Fp8Format.E4M3, recipe.weights())
            : 0;
    if (recipe.sparse24()) {
      noise += Sparse24Fit.of(activations).dropped();
    }
    return new PredictedError(recipe, Math.sqrt(noise * kept * kept + BF16_NOISE), kept);
  }

  /**
   * The error for independent N(0,1) operands, regardless of the real ones: the usual benchmark.
   */
  public static double ofGaussian(Recipe recipe) {
    return Math.sqrt(
        (recipe.fp8() ? 2 * GAUSSIAN_NOISE : 0)
            + (recipe.sparse24() ? Sparse24Fit.DROPPED_OF_GAUSSIAN : 0)
            + BF16_NOISE);
  }

  /** The signal-to-noise ratio in decibels. */
  public double sqnrDb() {
    return -20 * Math.log10(relativeFrobenius);
  }

  /** DeepGEMM's figure for an error that is independent of the output: r^2 / (2 + r^2). */
  public double calcDiff() {
    double square = relativeFrobenius * relativeFrobenius;
    return square / (2 + square);
  }

  /**
   * LoKA's figure for Gaussian outputs of mean zero, over those above 1 % of their root mean
   * square.
   */
  public double mere() {
    return relativeFrobenius * Math.sqrt(2 / Math.PI) * MEAN_INVERSE;
  }
}
