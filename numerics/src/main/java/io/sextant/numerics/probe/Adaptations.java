package io.sextant.numerics.probe;

import io.sextant.numerics.format.Fp8Format;
import io.sextant.schema.stats.LayerStatistics;
import java.util.Arrays;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;

/** The effect of LoKA's adaptations on the statistics of activations. */
final class Adaptations {
  /** The largest possible value after an RMS norm over 256 features: the square root of 256. */
  private static final double MOST_OF_BLOCK_NORM = 16;

  private static final double WIDEST = 4;
  private static final double STEP = 1e-3;
  private static final double HARD_SWISH_OVER_SWISH =
      noise(x -> x * Math.min(6, Math.max(0, x + 3)) / 6) / noise(x -> x / (1 + Math.exp(-x)));

  private Adaptations() {}

  /** The activations after the norm: none is above 16 times the root mean square. */
  static LayerStatistics blockNormed(LayerStatistics before) {
    double most = MOST_OF_BLOCK_NORM * Math.sqrt(before.secondMoment());
    if (before.absmax() <= most) {
      return before;
    }
    long[] exponents = before.exponents().clone();
    int last = Math.getExponent(most) - LayerStatistics.FIRST_EXPONENT;
    for (int bin = last + 1; bin < exponents.length; bin++) {
      exponents[last] += exponents[bin];
      exponents[bin] = 0;
    }
    return before.capped(most, exponents);
  }

  /** Ratio of the noise of E4M3 on the activations with and without the adaptations. */
  static double noiseRatio(Set<Hazard.Adaptation> adaptations) {
    return adaptations.contains(Hazard.Adaptation.HARD_SWISH) ? HARD_SWISH_OVER_SWISH : 1;
  }

  /** Energy of the rounding error divided by the energy of the function's values on N(0,1). */
  private static double noise(DoubleUnaryOperator function) {
    double[] x = DoubleStream.iterate(-WIDEST, v -> v <= WIDEST, v -> v + STEP).toArray();
    double most = Arrays.stream(x).map(function).map(Math::abs).max().orElseThrow();
    double factor = Fp8Format.E4M3.largest() / most;
    double error = 0;
    double energy = 0;
    for (double value : x) {
      double weight = Math.exp(-value * value / 2);
      double exact = function.applyAsDouble(value);
      double rounded = Fp8Format.E4M3.round((float) (exact * factor)) / factor;
      error += weight * (rounded - exact) * (rounded - exact);
      energy += weight * exact * exact;
    }
    return error / energy;
  }
}
