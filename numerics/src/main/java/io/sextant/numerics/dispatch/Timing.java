package io.sextant.numerics.dispatch;

import java.util.Arrays;
import java.util.List;

/**
 * Time of one run of a piece of work, in microseconds.
 *
 * @param median median of the samples
 * @param low first quartile, the lower end of the noise band
 * @param high third quartile, the upper end of the noise band
 * @param samples number of samples
 * @param values the samples in the order in which they were measured; empty if they are not known
 */
public record Timing(double median, double low, double high, int samples, List<Double> values) {
  /** A time whose samples are not known. */
  public Timing(double median, double low, double high, int samples) {
    this(median, low, high, samples, List.of());
  }

  /**
   * The median and quartiles of samples.
   *
   * @param microseconds samples, at least one
   */
  public static Timing of(double[] microseconds) {
    double[] sorted = microseconds.clone();
    Arrays.sort(sorted);
    int last = sorted.length - 1;
    return new Timing(
        sorted[sorted.length / 2],
        sorted[last / 4],
        sorted[last - last / 4],
        sorted.length,
        Arrays.stream(microseconds).boxed().toList());
  }
}
