package io.sextant.numerics.damage;

import java.util.Arrays;

/** Mean and standard deviation of a small sample. */
final class Spread {
  private Spread() {}

  static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** Sum of the squared distances from the mean. */
  static double squares(double[] values) {
    double mean = mean(values);
    return Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
  }

  /** Standard deviation of a sample of at least two values. */
  static double of(double[] values) {
    return Math.sqrt(squares(values) / (values.length - 1));
  }
}
