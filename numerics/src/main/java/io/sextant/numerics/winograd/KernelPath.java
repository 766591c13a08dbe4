package io.sextant.numerics.winograd;

import java.util.Arrays;

/**
 * The steps that prune one 3 x 3 kernel in the spatial domain so that its Winograd weights become
 * 0. Each step makes one Winograd weight 0 by projecting the kernel on the null space of the
 * weight's functional, in the metric of the inputs, so that the output changes as little as
 * possible. The result is an ordinary 3 x 3 kernel.
 *
 * <p>With C = E[p p^T] of the input's 3 x 3 patches p and C = L L^T, the projection is orthogonal
 * (Gram-Schmidt) for the kernel L^T g and the functionals L^-1 f, and the squared distance is the
 * energy of the change. A functional that depends linearly on earlier ones becomes 0 at no cost.
 *
 * @param kernels kernel after each step: the first is unchanged, the last is 0
 * @param zeros number of Winograd weights that are 0 after each step
 * @param energies energy of the change of an output, averaged over pixels, plus that of the
 *     kernel's change times the metric's ridge, which matters only if an input is 0 almost
 *     everywhere
 * @param masks bit masks of the weights that are 0, bit i for position i
 */
record KernelPath(double[][] kernels, int[] zeros, double[] energies, long[] masks) {
  /**
   * Minimum share of a functional that must remain for it to count as independent of the others.
   */
  private static final double INDEPENDENT = 1e-9;

  /** Projects step by step, with the least harmful step first, until all weights are 0. */
  static KernelPath of(double[] taps, PatchMetric metric) {
    double[] left = metric.whiten(taps);
    double[][] functionals = metric.functionals();
    double[] norms = new double[functionals.length];
    for (int i = 0; i < norms.length; i++) {
      functionals[i] = functionals[i].clone();
      norms[i] = dot(functionals[i], functionals[i]);
    }
    double[][] kernels = new double[WinogradTile.TAPS + 1][];
    int[] zeros = new int[WinogradTile.TAPS + 1];
    double[] energies = new double[WinogradTile.TAPS + 1];
    long[] masks = new long[WinogradTile.TAPS + 1];
    kernels[0] = taps;
    for (int step = 1; step < kernels.length; step++) {
      int best = best(left, functionals, masks[step - 1]);
      double[] direction = functionals[best].clone();
      double size = dot(direction, direction);
      double along = dot(direction, left);
      energies[step] = energies[step - 1] + along * along / size;
      subtract(left, direction, along / size);
      masks[step] = masks[step - 1] | 1L << best;
      for (int i = 0; i < functionals.length; i++) {
        if ((masks[step] >> i & 1) == 0) {
          subtract(functionals[i], direction, dot(functionals[i], direction) / size);
          if (dot(functionals[i], functionals[i]) < INDEPENDENT * norms[i]) {
            masks[step] |= 1L << i;
          }
        }
      }
      kernels[step] = metric.unwhiten(left);
      zeros[step] = Long.bitCount(masks[step]);
    }
    Arrays.fill(kernels[kernels.length - 1], 0);
    return new KernelPath(kernels, zeros, energies, masks);
  }

  private static int best(double[] left, double[][] functionals, long mask) {
    int best = -1;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < functionals.length; i++) {
      if ((mask >> i & 1) == 0) {
        double along = dot(functionals[i], left);
        double energy = along * along / dot(functionals[i], functionals[i]);
        if (energy < least) {
          least = energy;
          best = i;
        }
      }
    }
    return best;
  }

  /** The steps that are optimal for some value of a zero: the lower convex hull. */
  int[] hull() {
    int[] hull = new int[zeros.length];
    int count = 1;
    for (int step = 1; step < zeros.length; step++) {
      while (count > 1 && slope(hull[count - 2], hull[count - 1]) >= slope(hull[count - 1], step)) {
        count--;
      }
      hull[count++] = step;
    }
    return Arrays.copyOf(hull, count);
  }

  /** Energy per additional zero between two steps. */
  double slope(int from, int to) {
    return (energies[to] - energies[from]) / (zeros[to] - zeros[from]);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void subtract(double[] from, double[] what, double factor) {
    for (int i = 0; i < from.length; i++) {
      from[i] -= factor * what[i];
    }
  }
}
