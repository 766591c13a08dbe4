package io.sextant.numerics.scaling;

import io.sextant.schema.stats.Estimate;
import java.io.Serializable;
import java.util.List;
import smile.stat.distribution.TDistribution;

/**
 * The line -log L = a log N + b through the losses L of models with N parameters (arXiv 2507.02754,
 * section 5), by least squares.
 *
 * @param exponent a: the rate at which the loss falls
 * @param exponentError its standard error
 * @param intercept b
 * @param interceptError its standard error
 * @param residual standard deviation of -log L about the line
 * @param points number of sizes, two more than the degrees of freedom
 */
public record ScalingLaw(
    double exponent,
    double exponentError,
    double intercept,
    double interceptError,
    double residual,
    int points)
    implements Serializable {
  /** Two points determine the line and leave no residual. */
  public static final int LEAST_POINTS = 3;

  private static final double CONFIDENCE = 0.975;

  /**
   * Fits the line.
   *
   * @param points runs of one family and benchmark, of at least three different sizes
   */
  public static ScalingLaw fit(List<ScalingPoint> points) {
    int n = points.size();
    double[] x = points.stream().mapToDouble(point -> Math.log(point.parameters())).toArray();
    double[] y = points.stream().mapToDouble(point -> -Math.log(point.loss())).toArray();
    double meanX = mean(x);
    double meanY = mean(y);
    double xx = 0;
    double xy = 0;
    for (int i = 0; i < n; i++) {
      xx += (x[i] - meanX) * (x[i] - meanX);
      xy += (x[i] - meanX) * (y[i] - meanY);
    }
    double exponent = xy / xx;
    double intercept = meanY - exponent * meanX;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double off = y[i] - exponent * x[i] - intercept;
      squares += off * off;
    }
    double residual = Math.sqrt(squares / (n - 2));
    return new ScalingLaw(
        exponent,
        residual / Math.sqrt(xx),
        intercept,
        residual * Math.sqrt(1.0 / n + meanX * meanX / xx),
        residual,
        n);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /** The exponent and its 95 % interval. */
  public Estimate exponentInterval() {
    return estimate(exponent, exponentError, points - 2);
  }

  /** The intercept and its 95 % interval. */
  public Estimate interceptInterval() {
    return estimate(intercept, interceptError, points - 2);
  }

  /**
   * The relative difference of the exponents, a / a' - 1: how much faster the loss falls than
   * another family's. The interval is that of a ratio of two independent estimates, to first order,
   * with the degrees of freedom of both.
   */
  public Estimate gainOver(ScalingLaw other) {
    double ratio = exponent / other.exponent;
    double error =
        Math.abs(ratio)
            * Math.hypot(exponentError / exponent, other.exponentError / other.exponent);
    Estimate interval = estimate(ratio, error, points + other.points - 4);
    return new Estimate(ratio - 1, interval.low() - 1, interval.high() - 1);
  }

  /** An estimate with the interval of Student's t. */
  private static Estimate estimate(double value, double error, int degrees) {
    return Estimate.within(value, error * new TDistribution(degrees).quantile(CONFIDENCE));
  }
}
