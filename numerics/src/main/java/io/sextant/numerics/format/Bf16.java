package io.sextant.numerics.format;

/** BF16, the upper half of a float: 8 bits of exponent, 7 of mantissa. */
public final class Bf16 {
  private Bf16() {}

  /** The value of 16 bits. */
  public static float decode(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** The bits of the nearest value, ties to even; NaN stays NaN. */
  public static short encode(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }

  /** The bits of the nearest value of each float. */
  public static short[] encode(float[] values) {
    short[] bits = new short[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = encode(values[i]);
    }
    return bits;
  }

  /** The value of each element's bits. */
  public static float[] decode(short[] bits) {
    float[] values = new float[bits.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = decode(bits[i]);
    }
    return values;
  }

  /** The nearest value. */
  public static float round(float value) {
    return decode(encode(value));
  }
}
