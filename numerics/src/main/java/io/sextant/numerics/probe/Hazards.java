package io.sextant.numerics.probe;

import io.sextant.numerics.format.Fp8Format;
import io.sextant.schema.stats.LayerStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Finds hazards in the statistics of a product's operands. */
public final class Hazards {
  /** Above this ratio, a few values use up the range of a tensor-wide scale. */
  static final double OUTLIERS = 100;

  static final double UNDERFLOW = 0.01;

  /** LoKA's threshold for a diverging bias. */
  static final double BIAS = 0.1;

  static final double CANCELLATION = 0.1;

  /** Swish of N(0,1) has a mean of 0.35 of its standard deviation, GELU of 0.49. */
  static final double MEAN_OF_EXPONENTIAL = 0.2;

  static final double NO_ZEROS = 1e-4;

  /** LoKA does not remove the bias of a model's last layer. */
  private static final Set<String> LAST_LAYERS =
      Set.of("out", "output", "head", "lm_head", "logits", "classifier");

  private Hazards() {}

  /** The normalisation after a product. */
  public enum Norm {
    /** LayerNorm, which subtracts the mean of a row. */
    LAYER,
    /** RMS norm over a row or blocks of it, which subtracts nothing. */
    RMS,
    /** The usual choice: LayerNorm if the product has a bias, otherwise RMS norm. */
    AUTO
  }

  /** All hazards of a product, in the order of {@link Hazard.Kind}. */
  public static List<Hazard> of(LayerStatistics activations, LayerStatistics weights, Norm norm) {
    List<Hazard> hazards = new ArrayList<>();
    add(
        hazards,
        Hazard.Kind.OUTLIERS,
        activations.absmax() / Math.sqrt(activations.secondMoment()),
        OUTLIERS);
    add(
        hazards,
        Hazard.Kind.UNDERFLOW,
        new MagnitudeDistribution(activations).flushed(Fp8Format.E4M3),
        UNDERFLOW);
    if (weights.biasL2() != null && !LAST_LAYERS.contains(weights.site())) {
      add(hazards, Hazard.Kind.BIAS_GROWTH, weights.biasL2(), BIAS);
    }
    if (subtractsMean(weights, norm)) {
      add(hazards, Hazard.Kind.CANCELLATION, rowMean(weights), CANCELLATION);
    }
    if (activations.zeroFraction() < NO_ZEROS) {
      add(
          hazards,
          Hazard.Kind.EXPONENTIAL_ACTIVATION,
          activations.mean() / activations.std(),
          MEAN_OF_EXPONENTIAL);
    }
    return hazards;
  }

  private static void add(List<Hazard> hazards, Hazard.Kind kind, double figure, double limit) {
    if (figure >= limit) {
      hazards.add(new Hazard(kind, figure));
    }
  }

  private static boolean subtractsMean(LayerStatistics weights, Norm norm) {
    return norm == Norm.LAYER
        || (norm == Norm.AUTO && weights.biasL2() != null && weights.biasL2() > 0);
  }

  private static double rowMean(LayerStatistics weights) {
    return weights.outputRowMeanOverStd() == null ? 0 : weights.outputRowMeanOverStd();
  }

  /**
   * The factor by which the following norm increases the relative error: sqrt(1 + m^2) if it
   * subtracts a row mean of m standard deviations; 1 if it subtracts nothing.
   */
  public static double growthByNorm(LayerStatistics weights, Norm norm) {
    double mean = subtractsMean(weights, norm) ? rowMean(weights) : 0;
    return Math.sqrt(1 + mean * mean);
  }
}
