package io.sextant.numerics.probe;

import io.sextant.numerics.format.Fp8Format;
import io.sextant.numerics.format.Granularity;
import io.sextant.schema.stats.LayerStatistics;
import java.util.Arrays;

/**
 * How large the values of an operand are, from the histogram of their binary exponents, and what
 * rounding does to them. A histogram keeps the tails that mean and covariance miss.
 *
 * <p>Within a bin the density runs on the straight line (of its logarithm) that its neighbours
 * suggest; each point is rounded as the format rounds it.
 */
final class MagnitudeDistribution {
  private static final int POINTS_OF_BIN = 64;
  private static final int SCALES = 32;

  private final LayerStatistics statistics;
  private final long[] bins;
  private final double[] points;
  private final double[] weights;

  /** Share of all values, zeros included, at or below each point. */
  private final double[] cumulative;

  MagnitudeDistribution(LayerStatistics statistics) {
    this.statistics = statistics;
    bins = statistics.exponents().clone();
    double total = Arrays.stream(bins).sum();
    // Zeros are counted in the first bin, but have no magnitude there.
    bins[0] = Math.max(0, bins[0] - Math.round(statistics.zeroFraction() * total));
    int used = (int) Arrays.stream(bins).filter(count -> count > 0).count();
    points = new double[used * POINTS_OF_BIN];
    weights = new double[points.length];
    cumulative = new double[points.length];
    int at = 0;
    for (int bin = 0; bin < bins.length; bin++) {
      if (bins[bin] > 0) {
        fill(bin, at, bins[bin] / total);
        at += POINTS_OF_BIN;
      }
    }
    double sum = statistics.zeroFraction();
    for (int i = 0; i < points.length; i++) {
      sum += weights[i];
      cumulative[i] = sum;
    }
  }

  private void fill(int bin, int at, double share) {
    double low = Math.scalb(1.0, bin + LayerStatistics.FIRST_EXPONENT);
    double high = Math.min(2 * low, Math.max(statistics.absmax(), low * 1.0001));
    double own = density(bin);
    double below = bin > 0 ? density(bin - 1) : 0;
    double above = bin + 1 < LayerStatistics.EXPONENT_BINS ? density(bin + 1) : 0;
    double left = below > 0 ? Math.sqrt(below * own) : own;
    double right = above > 0 ? Math.sqrt(above * own) : own * own / left;
    double sum = 0;
    for (int i = 0; i < POINTS_OF_BIN; i++) {
      double place = (i + 0.5) / POINTS_OF_BIN;
      points[at + i] = low + (high - low) * place;
      weights[at + i] = Math.pow(left, 1 - place) * Math.pow(right, place);
      sum += weights[at + i];
    }
    for (int i = 0; i < POINTS_OF_BIN; i++) {
      weights[at + i] *= share / sum;
    }
  }

  private double density(int bin) {
    return Math.scalb((double) bins[bin], -(bin + LayerStatistics.FIRST_EXPONENT));
  }

  /**
   * Energy of the rounding error over energy of the values. The greatest value of what shares a
   * scale is exact, which matters if it holds much of the energy: it is taken as the median row's
   * for rows, and for groups and squares as the greatest of as many independent values.
   */
  double noise(Fp8Format format, Granularity granularity) {
    if (granularity == Granularity.TENSOR) {
      return shared(format, new double[] {statistics.absmax()}, Integer.MAX_VALUE);
    }
    if (granularity == Granularity.ROW) {
      return shared(format, new double[] {statistics.rowAbsmaxMedian()}, statistics.columns());
    }
    int width = Math.min(Granularity.SIDE, statistics.columns());
    int size =
        granularity == Granularity.GROUP_128
            ? width
            : width * Math.min(Granularity.SIDE, statistics.rows());
    double[] greatest = new double[SCALES];
    for (int i = 0; i < SCALES; i++) {
      greatest[i] = quantile(Math.pow((i + 0.5) / SCALES, 1.0 / size));
    }
    return shared(format, greatest, size);
  }

  /**
   * @param greatest equally likely greatest values of what shares a scale
   * @param size how many values share one
   */
  private double shared(Fp8Format format, double[] greatest, int size) {
    double error = 0;
    double energy = 0;
    for (double amax : greatest) {
      float factor = (float) (format.largest() / Math.max(amax, 1e-30));
      double others = statistics.zeroFraction();
      double othersError = 0;
      double othersEnergy = 0;
      for (int i = 0; i < points.length && points[i] <= amax; i++) {
        double rounded = format.round((float) (points[i] * factor)) / (double) factor;
        others += weights[i];
        othersError += weights[i] * (rounded - points[i]) * (rounded - points[i]);
        othersEnergy += weights[i] * points[i] * points[i];
      }
      if (others > 0) {
        error += (size - 1.0) / size * othersError / others;
        energy += (size - 1.0) / size * othersEnergy / others;
      }
      energy += amax * amax / size;
    }
    return energy == 0 ? 0 : error / energy;
  }

  /** Share of the values that are not 0 but become 0 under one scale for all. */
  double flushed(Fp8Format format) {
    float factor = (float) (format.largest() / Math.max(statistics.absmax(), 1e-30));
    double lost = 0;
    for (int i = 0; i < points.length; i++) {
      if (format.round((float) (points[i] * factor)) == 0) {
        lost += weights[i];
      }
    }
    return lost;
  }

  private double quantile(double share) {
    int at = Arrays.binarySearch(cumulative, share);
    int place = at >= 0 ? at : -at - 1;
    return points.length == 0 ? 0 : points[Math.min(points.length - 1, place)];
  }
}
