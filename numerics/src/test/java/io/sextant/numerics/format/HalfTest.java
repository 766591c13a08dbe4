package io.sextant.numerics.format;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class HalfTest {
  @Test
  void everyPatternOfBitsIsItself() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      double value = Half.value((short) bits);
      if (!Double.isNaN(value)) {
        assertThat(Half.bits(value)).isEqualTo((short) bits);
        assertThat(Half.round(value)).isEqualTo(value);
      }
    }
  }

  @Test
  void tiesGoToEvenAndTheRangeEnds() {
    assertThat(Half.round(1 + 0x1p-11)).isEqualTo(1.0);
    assertThat(Half.round(1 + 3 * 0x1p-11)).isEqualTo(1 + 0x1p-9);
    assertThat(Half.round(65519.99)).isEqualTo(65504);
    assertThat(Half.round(65520)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(Half.round(0x1p-25)).isZero();
    assertThat(Half.round(3 * 0x1p-25)).isEqualTo(0x1p-23);
    assertThat(Half.value((short) 0x7E00)).isNaN();
  }

  @Property
  void nothingOfTheFormatIsNearer(@ForAll @DoubleRange(min = -65504, max = 65504) double value) {
    double rounded = Half.round(value);
    short bits = Half.bits(rounded);
    double off = Math.abs(rounded - value);
    for (int step : new int[] {-1, 1}) {
      double neighbour = Half.value((short) (bits + step));
      if (Double.isFinite(neighbour)) {
        assertThat(off).isLessThanOrEqualTo(Math.abs(neighbour - value));
      }
    }
  }
}
