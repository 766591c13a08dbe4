package io.sextant.numerics.dispatch;

import java.util.Arrays;

/**
 * Time of one run of a piece of work, in microseconds.
 *
 * @param median median of the samples
 * @param low the first quartile
 * @param high the third quartile: the noise band lies between
 * @param samples number of samples
 */
public record Timing(double median, double low, double high, int samples) {
  /**
   * The median and quartiles of samples.
   *
   * @param microseconds at least one sample
   */
  public static Timing of(double[] microseconds) {
    double[] sorted = microseconds.clone();
    Arrays.sort(sorted);
    int last = sorted.length - 1;
    return new Timing(
        sorted[sorted.length / 2], sorted[last / 4], sorted[last - last / 4], sorted.length);
  }
}
