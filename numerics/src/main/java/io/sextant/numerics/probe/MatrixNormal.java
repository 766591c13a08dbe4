package io.sextant.numerics.probe;

import java.util.Arrays;
import java.util.List;

/**
 * A matrix normal distribution, fitted by maximum likelihood: matrices whose entry (i, j) has a
 * mean M[i, j], and whose entries (i, j) and (k, l) have the covariance U[i, k] V[j, l]. U and V
 * are found in turn, each from the other, until they no longer change (flip-flop; Dutilleul, The
 * MLE algorithm for the matrix normal distribution, J. Stat. Comput. Simul. 64, 1999). Only the
 * product of U and V is determined; here the trace of U is its number of rows.
 *
 * @param mean M, shape [rows x columns]
 * @param ofRows U, shape [rows x rows]
 * @param ofColumns V, shape [columns x columns]
 * @param iterations how often both were found
 */
public record MatrixNormal(
    int rows, int columns, double[] mean, double[] ofRows, double[] ofColumns, int iterations) {
  private static final int MOST_ITERATIONS = 100;

  /** Relative change of V at which the iteration ends. */
  private static final double TOLERANCE = 1e-6;

  /**
   * The minimum number of samples with which the estimate exists: more than the longer side over
   * the shorter, and at least two.
   */
  public static int leastSamples(int rows, int columns) {
    int shorter = Math.min(rows, columns);
    return Math.max(2, (Math.max(rows, columns) + shorter - 1) / shorter + 1);
  }

  /**
   * Fits a distribution.
   *
   * @param samples row-major matrices, at least {@link #leastSamples}
   * @throws IllegalArgumentException if there are fewer samples, or a covariance is singular, for
   *     example because samples are equal
   */
  public static MatrixNormal fit(List<float[]> samples, int rows, int columns) {
    if (samples.size() < leastSamples(rows, columns)) {
      throw new IllegalArgumentException(
          "%d samples of %d x %d, and flip-flop needs %d"
              .formatted(samples.size(), rows, columns, leastSamples(rows, columns)));
    }
    double[] mean = mean(samples, rows * columns);
    double[][] deviations = new double[samples.size()][rows * columns];
    double[][] turned = new double[samples.size()][rows * columns];
    for (int s = 0; s < deviations.length; s++) {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          double value = samples.get(s)[i * columns + j] - mean[i * columns + j];
          deviations[s][i * columns + j] = value;
          turned[s][j * rows + i] = value;
        }
      }
    }
    double[] ofRows = identity(rows);
    double[] ofColumns = new double[columns * columns];
    int iterations = 0;
    double change = Double.MAX_VALUE;
    while (change > TOLERANCE && iterations < MOST_ITERATIONS) {
      double[] before = ofColumns;
      ofColumns = covariance(deviations, ofRows, rows, columns);
      ofRows = covariance(turned, ofColumns, columns, rows);
      double scale = trace(ofRows, rows) / rows;
      scale(ofRows, 1 / scale);
      scale(ofColumns, scale);
      change = relativeChange(before, ofColumns);
      iterations++;
    }
    return new MatrixNormal(rows, columns, mean, ofRows, ofColumns, iterations);
  }

  /**
   * The expected second moments of the columns, sum over rows of w[i] w[j] over the number of rows:
   * upper triangle with the diagonal, row by row.
   */
  public double[] secondMoments() {
    double[] moments = new double[columns * (columns + 1) / 2];
    double share = trace(ofRows, rows) / rows;
    for (int row = 0; row < rows; row++) {
      int at = 0;
      for (int i = 0; i < columns; i++) {
        double value = mean[row * columns + i] / rows;
        for (int j = i; j < columns; j++) {
          moments[at++] += value * mean[row * columns + j];
        }
      }
    }
    int at = 0;
    for (int i = 0; i < columns; i++) {
      for (int j = i; j < columns; j++) {
        moments[at++] += share * ofColumns[i * columns + j];
      }
    }
    return moments;
  }

  private static double[] mean(List<float[]> samples, int values) {
    double[] mean = new double[values];
    for (float[] sample : samples) {
      for (int i = 0; i < values; i++) {
        mean[i] += sample[i] / (double) samples.size();
      }
    }
    return mean;
  }

  private static double[] identity(int size) {
    double[] matrix = new double[size * size];
    for (int i = 0; i < size; i++) {
      matrix[i * size + i] = 1;
    }
    return matrix;
  }

  /** The sum over samples X of X^T S^-1 X, over the number of samples and rows. */
  private static double[] covariance(double[][] samples, double[] side, int rows, int columns) {
    double[] factor = Cholesky.factor(side, rows);
    double[] sums = new double[columns * columns];
    for (double[] sample : samples) {
      // With S = L L^T, X^T S^-1 X is Z^T Z for Z = L^-1 X.
      double[] whitened = Cholesky.solveLower(factor, sample, rows, columns);
      for (int row = 0; row < rows; row++) {
        int first = row * columns;
        for (int i = 0; i < columns; i++) {
          double value = whitened[first + i];
          int at = i * columns;
          for (int j = i; j < columns; j++) {
            sums[at + j] += value * whitened[first + j];
          }
        }
      }
    }
    double divisor = (double) samples.length * rows;
    for (int i = 0; i < columns; i++) {
      for (int j = i; j < columns; j++) {
        sums[i * columns + j] /= divisor;
        sums[j * columns + i] = sums[i * columns + j];
      }
    }
    return sums;
  }

  private static double trace(double[] matrix, int size) {
    double trace = 0;
    for (int i = 0; i < size; i++) {
      trace += matrix[i * size + i];
    }
    return trace;
  }

  private static void scale(double[] matrix, double factor) {
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] *= factor;
    }
  }

  private static double relativeChange(double[] before, double[] after) {
    double difference = 0;
    for (int i = 0; i < after.length; i++) {
      difference += (after[i] - before[i]) * (after[i] - before[i]);
    }
    return Math.sqrt(difference / Arrays.stream(after).map(value -> value * value).sum());
  }
}
