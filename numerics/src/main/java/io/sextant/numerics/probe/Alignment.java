package io.sextant.numerics.probe;

import io.sextant.schema.stats.LayerStatistics;

/**
 * The part of an operand's relative error that remains in the product. Rounding errors of different
 * features are independent, but values add up if activations are correlated or their mean points
 * along the weights. Then the output is larger than for independent features, and the relative
 * error is smaller. With the second moments S of both sides it is sqrt(sum of Sx[k,k] Sw[k,k] /
 * trace(Sx Sw)), and 1 for independent features of mean zero.
 */
public final class Alignment {
  private Alignment() {}

  /** The alignment; NaN unless the distribution of the columns is known for both operands. */
  public static double of(LayerStatistics activations, LayerStatistics weights) {
    if (activations.columnCovariance() == null
        || weights.columnCovariance() == null
        || activations.columns() != weights.columns()) {
      return Double.NaN;
    }
    return of(activations, secondMoments(weights));
  }

  /**
   * The alignment with given weights.
   *
   * @param activations statistics with the distribution of the columns
   * @param weights second moments of the columns of the weights, upper triangle with the diagonal,
   *     row by row
   */
  public static double of(LayerStatistics activations, double[] weights) {
    double[] moments = secondMoments(activations);
    int columns = activations.columns();
    double diagonal = 0;
    double trace = 0;
    int at = 0;
    for (int i = 0; i < columns; i++) {
      for (int j = i; j < columns; j++, at++) {
        double product = moments[at] * weights[at];
        diagonal += i == j ? product : 0;
        trace += i == j ? product : 2 * product;
      }
    }
    return trace > 0 ? Math.sqrt(diagonal / trace) : Double.NaN;
  }

  private static double[] secondMoments(LayerStatistics side) {
    double[] moments = new double[side.columnCovariance().length];
    int at = 0;
    for (int i = 0; i < side.columns(); i++) {
      for (int j = i; j < side.columns(); j++, at++) {
        moments[at] = moment(side, i, j, at);
      }
    }
    return moments;
  }

  private static double moment(LayerStatistics side, int i, int j, int at) {
    // The covariance is divided by rows - 1, but the second moment in a product by rows.
    double unbiased = (side.rows() - 1.0) / side.rows();
    return side.columnCovariance()[at] * unbiased
        + (double) side.columnMeans()[i] * side.columnMeans()[j];
  }
}
