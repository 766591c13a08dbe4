package io.sextant.numerics.format;

/** IEEE binary16, rounded to nearest, ties to even, as the GPU's conversions do. */
public final class Half {
  private static final int MANTISSA_BITS = 10;
  private static final int LEAST_EXPONENT = -14;
  private static final double LARGEST = 65504;

  private Half() {}

  /** The nearest value in binary16; infinity beyond its range. */
  public static double round(double value) {
    double magnitude = Math.abs(value);
    if (magnitude == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
      return value;
    }
    int exponent = Math.max(Math.getExponent(magnitude), LEAST_EXPONENT);
    double unit = Math.scalb(1.0, exponent - MANTISSA_BITS);
    double rounded = Math.rint(magnitude / unit) * unit;
    return Math.copySign(rounded > LARGEST ? Double.POSITIVE_INFINITY : rounded, value);
  }

  /** The bits of the nearest value. */
  public static short bits(double value) {
    double rounded = round(value);
    int sign = Double.doubleToRawLongBits(rounded) < 0 ? 0x8000 : 0;
    double magnitude = Math.abs(rounded);
    if (Double.isNaN(magnitude)) {
      return 0x7E00;
    }
    if (Double.isInfinite(magnitude)) {
      return (short) (sign | 0x7C00);
    }
    int exponent = Math.getExponent(magnitude);
    if (exponent < LEAST_EXPONENT) {
      return (short) (sign | (int) Math.scalb(magnitude, MANTISSA_BITS - LEAST_EXPONENT));
    }
    int mantissa = (int) Math.scalb(magnitude, MANTISSA_BITS - exponent) - (1 << MANTISSA_BITS);
    return (short) (sign | (exponent - LEAST_EXPONENT + 1) << MANTISSA_BITS | mantissa);
  }

  /** The value of these bits. */
  public static double value(short bits) {
    int exponent = bits >> MANTISSA_BITS & 0x1F;
    int mantissa = bits & ((1 << MANTISSA_BITS) - 1);
    double magnitude;
    if (exponent == 0x1F) {
      magnitude = mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    } else if (exponent == 0) {
      magnitude = Math.scalb((double) mantissa, LEAST_EXPONENT - MANTISSA_BITS);
    } else {
      magnitude =
          Math.scalb(
              (double) (mantissa + (1 << MANTISSA_BITS)),
              exponent + LEAST_EXPONENT - 1 - MANTISSA_BITS);
    }
    return bits < 0 ? -magnitude : magnitude;
  }
}
