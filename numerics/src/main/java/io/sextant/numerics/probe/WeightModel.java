package io.sextant.numerics.probe;

import io.sextant.numerics.gemm.Recipe;
import io.sextant.schema.stats.LayerStatistics;
import io.sextant.schema.stats.Operand;
import java.io.Serializable;
import java.util.List;

/**
 * What two models of a site's weights predict: the sample moments of one tensor, and a matrix
 * normal distribution over several tensors of the site, for example checkpoints of a training run.
 *
 * @param samples number of tensors
 * @param bySample predicted error by row from the sample moments of the first tensor; NaN if {@code
 *     byMatrixNormal} is not available
 * @param byMatrixNormal the same from the matrix normal distribution; NaN if it is not available
 * @param reason why it is not available; null if it is
 */
public record WeightModel(
    String site, int samples, double bySample, double byMatrixNormal, String reason)
    implements Serializable {

  /**
   * Compares both.
   *
   * @param tensors tensors of one site, at least one
   */
  public static WeightModel of(List<SiteTensors> tensors) {
    SiteTensors first = tensors.get(0);
    int rows = first.out();
    int columns = first.k();
    int needed = MatrixNormal.leastSamples(rows, columns);
    if (tensors.stream().anyMatch(one -> one.out() != rows || one.k() != columns)) {
      return notAvailable(tensors, "its tensors differ in shape");
    }
    if (tensors.size() < needed) {
      return notAvailable(
          tensors,
          "flip-flop needs %d tensors of %d x %d, and there %s %d"
              .formatted(
                  needed, rows, columns, tensors.size() == 1 ? "is" : "are", tensors.size()));
    }
    double[] moments;
    try {
      moments =
          MatrixNormal.fit(
                  tensors.stream().map(one -> one.weights().values()).toList(), rows, columns)
              .secondMoments();
    } catch (IllegalArgumentException e) {
      return notAvailable(tensors, e.getMessage());
    }
    LayerStatistics activations =
        MatrixStatistics.of(first.site(), Operand.ACTIVATION, first.activations());
    LayerStatistics weights = MatrixStatistics.of(first.site(), Operand.WEIGHT, first.weights());
    return new WeightModel(
        first.site(),
        tensors.size(),
        PredictedError.of(Recipe.E4M3_ROW, activations, weights).relativeFrobenius(),
        PredictedError.of(Recipe.E4M3_ROW, activations, weights, Alignment.of(activations, moments))
            .relativeFrobenius(),
        null);
  }

  private static WeightModel notAvailable(List<SiteTensors> tensors, String reason) {
    return new WeightModel(tensors.get(0).site(), tensors.size(), Double.NaN, Double.NaN, reason);
  }
}
