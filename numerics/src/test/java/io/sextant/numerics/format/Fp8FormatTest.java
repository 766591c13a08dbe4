package io.sextant.numerics.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Fp8FormatTest {

  @Test
  void landmarksAreThoseOfTheSpecification() {
    assertThat(Fp8Format.E4M3.largest()).isEqualTo(448f);
    assertThat(Fp8Format.E5M2.largest()).isEqualTo(57344f);
    assertThat(Fp8Format.E4M3.decode(0x08)).isEqualTo(0x1p-6f);
    assertThat(Fp8Format.E4M3.decode(0x01)).isEqualTo(0x1p-9f);
    assertThat(Fp8Format.E5M2.decode(0x04)).isEqualTo(0x1p-14f);
    assertThat(Fp8Format.E5M2.decode(0x01)).isEqualTo(0x1p-16f);
    assertThat(Fp8Format.E4M3.decode(0x7F)).isNaN();
    assertThat(Fp8Format.E5M2.decode(0x7C)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Fp8Format.E5M2.decode(0xFC)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(Fp8Format.E5M2.decode(0x7D)).isNaN();
  }

  @ParameterizedTest
  @EnumSource
  void everyFiniteCodeIsItsOwnRounding(Fp8Format format) {
    for (int code = 0; code < 256; code++) {
      float value = format.decode(code);
      if (Float.isFinite(value)) {
        assertThat(format.encode(value)).isEqualTo((byte) code);
      }
    }
  }

  /** Compares every float16 value with a search through all codes. */
  @ParameterizedTest
  @EnumSource
  void roundsEveryFloat16ToTheNearestCode(Fp8Format format) {
    for (int half = 0; half < 1 << 16; half++) {
      assertNearest(format, ofHalf(half));
    }
  }

  @Property(tries = 2_000)
  void roundsAnyFloatToTheNearestCode(@ForAll int bits, @ForAll Fp8Format format) {
    assertNearest(format, Float.intBitsToFloat(bits));
  }

  private static void assertNearest(Fp8Format format, float value) {
    byte code = format.encode(value);
    if (Float.isNaN(value)) {
      assertThat(format.decode(code)).isNaN();
      return;
    }
    float clamped = Math.max(-format.largest(), Math.min(format.largest(), value));
    double best = Double.POSITIVE_INFINITY;
    int nearest = -1;
    for (int c = 0; c < 128; c++) {
      float candidate = format.decode(c);
      if (!Float.isFinite(candidate)) {
        continue;
      }
      double distance = Math.abs((double) candidate - Math.abs(clamped));
      if (distance < best || (distance == best && c % 2 == 0)) {
        best = distance;
        nearest = c;
      }
    }
    int sign = Float.floatToRawIntBits(value) < 0 ? 0x80 : 0;
    assertThat(code).as("%s of %s", format, value).isEqualTo((byte) (sign | nearest));
  }

  /** IEEE 754 binary16: exact in a float. */
  private static float ofHalf(int half) {
    int exponent = (half >> 10) & 0x1F;
    int mantissa = half & 0x3FF;
    float magnitude =
        exponent == 0x1F
            ? mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN
            : exponent == 0
                ? Math.scalb((float) mantissa, -24)
                : Math.scalb((float) (mantissa | 0x400), exponent - 25);
    return half < 0x8000 ? magnitude : -magnitude;
  }

  @Test
  void float16sAreAllThere() {
    float[] values = new float[1 << 16];
    for (int half = 0; half < values.length; half++) {
      values[half] = ofHalf(half);
    }
    Arrays.sort(values);
    assertThat(values[0]).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(ofHalf(0x7BFF)).isEqualTo(65504f);
    assertThat(ofHalf(0x0001)).isEqualTo(0x1p-24f);
  }
}
