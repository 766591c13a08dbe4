package io.sextant.numerics.probe;

/** The Cholesky factor of a covariance, and systems with it. Matrices are row-major. */
final class Cholesky {
  private Cholesky() {}

  /**
   * The lower triangular L with L L^T equal to a matrix.
   *
   * @param matrix symmetric, shape [size x size]
   * @throws IllegalArgumentException if the matrix is not positive definite
   */
  static double[] factor(double[] matrix, int size) {
    double[] factor = new double[size * size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        double rest = matrix[i * size + j];
        for (int k = 0; k < j; k++) {
          rest -= factor[i * size + k] * factor[j * size + k];
        }
        if (i != j) {
          factor[i * size + j] = rest / factor[j * size + j];
        } else if (rest > 1e-14 * matrix[i * size + i]) {
          factor[i * size + i] = Math.sqrt(rest);
        } else {
          throw new IllegalArgumentException("a covariance is singular");
        }
      }
    }
    return factor;
  }

  /**
   * Solves L Z = X.
   *
   * @param factor L, shape [rows x rows]
   * @param right X, shape [rows x columns]
   */
  static double[] solveLower(double[] factor, double[] right, int rows, int columns) {
    double[] solution = right.clone();
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < i; k++) {
        double part = factor[i * rows + k];
        for (int j = 0; j < columns; j++) {
          solution[i * columns + j] -= part * solution[k * columns + j];
        }
      }
      double diagonal = factor[i * rows + i];
      for (int j = 0; j < columns; j++) {
        solution[i * columns + j] /= diagonal;
      }
    }
    return solution;
  }
}
