package io.sextant.numerics.winograd;

/** C = E[p p^T] of the 3 x 3 patches p of one input, and its Cholesky factor L. */
final class PatchMetric {
  /**
   * Ridge added to the diagonal, as a share of its mean, because some inputs are 0 almost
   * everywhere.
   */
  private static final double RIDGE = 1e-6;

  /** The ridge for an input that is 0 everywhere, whose kernels have no effect. */
  private static final double NOTHING = 1e-24;

  private static final int TAPS = WinogradTile.TAPS;

  private final double ridge;
  private final double[][] lower;
  private final double[][] functionals;

  private PatchMetric(double[][] covariance, WinogradTile tile) {
    double trace = 0;
    for (int i = 0; i < TAPS; i++) {
      trace += covariance[i][i];
    }
    ridge = trace > 0 ? RIDGE * trace / TAPS : NOTHING;
    lower = new double[TAPS][TAPS];
    for (int i = 0; i < TAPS; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = covariance[i][j] + (i == j ? ridge : 0);
        for (int k = 0; k < j; k++) {
          sum -= lower[i][k] * lower[j][k];
        }
        lower[i][j] = i == j ? Math.sqrt(sum) : sum / lower[j][j];
      }
    }
    functionals = new double[tile.positions()][];
    for (int position = 0; position < functionals.length; position++) {
      functionals[position] = solveLower(tile.functional(position));
    }
  }

  /** The metric of an input of a layer, over all pixels of all images. */
  static PatchMetric of(ConvLayer layer, int input, WinogradTile tile) {
    double[][] covariance = new double[TAPS][TAPS];
    double[] patch = new double[TAPS];
    for (int image = 0; image < layer.images(); image++) {
      for (int pixel = 0; pixel < layer.side() * layer.side(); pixel++) {
        for (int i = 0; i < TAPS; i++) {
          patch[i] =
              layer.input(
                  image, input, pixel / layer.side() + i / 3 - 1, pixel % layer.side() + i % 3 - 1);
        }
        for (int i = 0; i < TAPS; i++) {
          for (int j = 0; j <= i; j++) {
            covariance[i][j] += patch[i] * patch[j];
          }
        }
      }
    }
    double pixels = (double) layer.images() * layer.side() * layer.side();
    for (double[] row : covariance) {
      for (int j = 0; j < TAPS; j++) {
        row[j] /= pixels;
      }
    }
    return new PatchMetric(covariance, tile);
  }

  /** The ridge that was added to the diagonal of C. */
  double ridge() {
    return ridge;
  }

  /** L^T g. */
  double[] whiten(double[] taps) {
    double[] whitened = new double[TAPS];
    for (int i = 0; i < TAPS; i++) {
      for (int k = i; k < TAPS; k++) {
        whitened[i] += lower[k][i] * taps[k];
      }
    }
    return whitened;
  }

  /** The kernel g for a given L^T g. */
  double[] unwhiten(double[] whitened) {
    double[] taps = new double[TAPS];
    for (int i = TAPS - 1; i >= 0; i--) {
      double sum = whitened[i];
      for (int k = i + 1; k < TAPS; k++) {
        sum -= lower[k][i] * taps[k];
      }
      taps[i] = sum / lower[i][i];
    }
    return taps;
  }

  /** L^-1 f for the functional f of each position of the tile; callers must not modify it. */
  double[][] functionals() {
    return functionals.clone();
  }

  private double[] solveLower(double[] right) {
    double[] solved = new double[TAPS];
    for (int i = 0; i < TAPS; i++) {
      double sum = right[i];
      for (int k = 0; k < i; k++) {
        sum -= lower[i][k] * solved[k];
      }
      solved[i] = sum / lower[i][i];
    }
    return solved;
  }
}
