package io.sextant.numerics.probe;

import io.sextant.numerics.format.Fp8Format;
import io.sextant.numerics.format.Granularity;
import io.sextant.schema.stats.LayerStatistics;
import java.util.Arrays;

/**
 * The distribution of an operand's magnitudes, from the histogram of their binary exponents, and
 * the effect of rounding. Unlike mean and covariance, a histogram keeps the tails.
 *
 * <p>Within a bin, the logarithm of the density is linear, with a slope from the neighbouring bins;
 * each point is rounded as in the format.
 */
final class MagnitudeDistribution {
  private static final int POINTS_OF_BIN = 64;
  private static final int SCALES = 32;

  private final LayerStatistics statistics;
  private final long[] bins;
  private final double[] points;
  private final double[] weights;

  /** Cumulative share of all values, zeros included, at each point. */
  private final double[] cumulative;

  MagnitudeDistribution(LayerStatistics statistics) {
    this.statistics = statistics;
    bins = statistics.exponents().clone();
    double total = Arrays.stream(bins).sum();
    // Zeros are counted in the first bin, but have none of its magnitudes.
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
   * Energy of the rounding error divided by the energy of the values. The largest of the values
   * that share a scale is exact, which matters if it holds much of the energy. For rows it is the
   * median row's maximum; for groups and squares it is the maximum of the same number of
   * independent values.
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
   * @param greatest equally likely maxima of the values that share a scale
   * @param size number of values that share a scale
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

  /** Share of non-zero values that become 0 if all values share one scale. */
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
