package io.sextant.numerics.probe;

/**
 * Means and covariance of the columns of a stream of rows, learned batch by batch: a multivariate
 * Gaussian, by the batched form of Welford's algorithm that LoKA's Probe uses (arXiv 2605.10886).
 */
public final class ColumnMoments {
  private final int columns;
  private final double[] mean;

  /** Sums of products of deviations, upper triangle with the diagonal, row by row. */
  private final double[] scatter;

  private long rows;

  /** Creates moments of no rows. */
  public ColumnMoments(int columns) {
    this.columns = columns;
    mean = new double[columns];
    scatter = new double[columns * (columns + 1) / 2];
  }

  /**
   * Adds the rows {@code from} to {@code to} of a row-major matrix: with n rows before, batch size
   * B and d = batch mean - mean, the mean moves by (B / n') d and the scatter grows by that of the
   * batch and by (n B / n') d d^T.
   */
  public void add(float[] values, int from, int to) {
    int batch = to - from;
    double[] batchMean = new double[columns];
    for (int row = from; row < to; row++) {
      for (int column = 0; column < columns; column++) {
        batchMean[column] += values[row * columns + column];
      }
    }
    for (int column = 0; column < columns; column++) {
      batchMean[column] /= batch;
    }
    double[] deviation = new double[columns];
    for (int row = from; row < to; row++) {
      for (int column = 0; column < columns; column++) {
        deviation[column] = values[row * columns + column] - batchMean[column];
      }
      addOuter(deviation, 1);
    }
    long after = rows + batch;
    for (int column = 0; column < columns; column++) {
      deviation[column] = batchMean[column] - mean[column];
    }
    addOuter(deviation, (double) rows * batch / after);
    for (int column = 0; column < columns; column++) {
      mean[column] += deviation[column] * batch / after;
    }
    rows = after;
  }

  private void addOuter(double[] vector, double factor) {
    int at = 0;
    for (int i = 0; i < columns; i++) {
      double scaled = factor * vector[i];
      for (int j = i; j < columns; j++) {
        scatter[at++] += scaled * vector[j];
      }
    }
  }

  /** Mean of each column. */
  public float[] means() {
    float[] means = new float[columns];
    for (int i = 0; i < columns; i++) {
      means[i] = (float) mean[i];
    }
    return means;
  }

  /** Covariance, upper triangle with the diagonal, row by row. */
  public float[] covariance() {
    float[] covariance = new float[scatter.length];
    double divisor = Math.max(1, rows - 1);
    for (int i = 0; i < covariance.length; i++) {
      covariance[i] = (float) (scatter[i] / divisor);
    }
    return covariance;
  }
}
