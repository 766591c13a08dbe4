package io.sextant.numerics.format;

/**
 * The two eight-bit floating-point formats of tensor cores, bit for bit: round to nearest, ties to
 * even; values that are too large become the largest finite value (OCP 8-bit Floating Point
 * Specification 1.0, with the saturation that CUDA's {@code __NV_SATFINITE} conversions do).
 */
public enum Fp8Format {
  /** 4 bits of exponent, bias 7, 3 of mantissa; no infinity, one NaN per sign; largest 448. */
  E4M3(3, 7, 0x7E, 0x7F),
  /** 5 bits of exponent, bias 15, 2 of mantissa; infinity and NaN as IEEE 754; largest 57344. */
  E5M2(2, 15, 0x7B, 0x7F);

  private static final int FLOAT_MANTISSA = 23;
  private static final int FLOAT_BIAS = 127;
  private static final int FLOAT_INFINITY = 0x7F800000;

  private final int mantissaBits;
  private final int bias;
  private final int largestCode;
  private final int nanCode;

  /** Written once, in the constructor. */
  @SuppressWarnings("ImmutableEnumChecker")
  private final float[] values = new float[256];

  Fp8Format(int mantissaBits, int bias, int largestCode, int nanCode) {
    this.mantissaBits = mantissaBits;
    this.bias = bias;
    this.largestCode = largestCode;
    this.nanCode = nanCode;
    for (int code = 0; code < values.length; code++) {
      values[code] = valueOf(code);
    }
  }

  private float valueOf(int code) {
    float sign = code < 0x80 ? 1 : -1;
    int magnitude = code & 0x7F;
    if (magnitude > largestCode) {
      boolean infinite = magnitude == largestCode + 1 && magnitude != nanCode;
      return infinite ? sign * Float.POSITIVE_INFINITY : Float.NaN;
    }
    int exponent = magnitude >> mantissaBits;
    int mantissa = magnitude & ((1 << mantissaBits) - 1);
    return exponent == 0
        ? sign * Math.scalb((float) mantissa, 1 - bias - mantissaBits)
        : sign
            * Math.scalb((float) (mantissa | (1 << mantissaBits)), exponent - bias - mantissaBits);
  }

  /** The largest finite value: 448 or 57344. */
  public float largest() {
    return values[largestCode];
  }

  /** The value of a code, of which the low eight bits count. */
  public float decode(int code) {
    return values[code & 0xFF];
  }

  /**
   * The code of the nearest value; ties go to the even mantissa. Infinity and values beyond the
   * largest become the largest. NaN has a cleared sign bit, as in CUDA's conversion.
   */
  public byte encode(float value) {
    if (Float.isNaN(value)) {
      return (byte) nanCode;
    }
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 24) & 0x80;
    int magnitude = bits & 0x7FFFFFFF;
    if (magnitude >= FLOAT_INFINITY) {
      return (byte) (sign | largestCode);
    }
    int exponent = (magnitude >> FLOAT_MANTISSA) - FLOAT_BIAS;
    int lost = FLOAT_MANTISSA - mantissaBits;
    int code;
    if (exponent >= 1 - bias) {
      // Adding half of the last kept bit's unit, less one if the kept part is even, rounds to
      // nearest even;
      // a carry correctly increments the exponent.
      int rounded = magnitude + (1 << (lost - 1)) - 1 + ((magnitude >> lost) & 1);
      code = (rounded >> lost) - ((FLOAT_BIAS - bias) << mantissaBits);
    } else {
      // Below the smallest normal value, all codes have the same distance; rint ties to even.
      code = (int) Math.rint(Math.scalb((double) Math.abs(value), bias - 1 + mantissaBits));
    }
    return (byte) (sign | Math.min(code, largestCode));
  }

  /** The nearest value, rounded as in {@link #encode}. */
  public float round(float value) {
    return decode(encode(value));
  }
}
