package io.sextant.numerics.format;

/**
 * max(x, 0)^2 in BF16, as our kernels calculate it: the product of two BF16 values, rounded once.
 */
public final class SquaredRelu {
  private SquaredRelu() {}

  /**
   * The squared ReLU of a BF16 value. The square is exact in a float, so there is only one
   * rounding.
   */
  public static float of(float value) {
    float positive = Math.max(value, 0);
    return Bf16.round(positive * positive);
  }

  /** The squared ReLU of each value, in a new array. */
  public static float[] of(float[] values) {
    float[] squares = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      squares[i] = of(values[i]);
    }
    return squares;
  }
}
