package io.sextant.numerics.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TwoOfFourTest {
  @Test
  void theTwoLargestStayInTheirOrder() {
    assertThat(places(1, 4, 2, 3)).isEqualTo(1 | 3 << 2);
    assertThat(places(4, 3, 2, 1)).isEqualTo(0 | 1 << 2);
    assertThat(places(-4, 1, 2, -3)).isEqualTo(0 | 3 << 2);
  }

  @Test
  void ofEqualOnesTheFirstStay() {
    assertThat(places(2, 2, 2, 2)).isEqualTo(0 | 1 << 2);
    assertThat(places(1, 2, 3, 2)).isEqualTo(1 | 2 << 2);
    assertThat(places(0, 0, 0, 5)).isEqualTo(0 | 3 << 2);
    assertThat(places(0, 0, 0, 0)).isEqualTo(0 | 1 << 2);
  }

  /**
   * Few different values, so that there are many ties; compared with sorting by magnitude, then by
   * place.
   */
  @Property(tries = 500)
  void isTheOrderOfMagnitudesAndPlaces(@ForAll @Size(4) int @IntRange(min = -3, max = 3) [] group) {
    float[] values = new float[4];
    Integer[] order = {0, 1, 2, 3};
    for (int i = 0; i < 4; i++) {
      values[i] = group[i];
    }
    Arrays.sort(order, (a, b) -> Float.compare(Math.abs(values[b]), Math.abs(values[a])));
    int low = Math.min(order[0], order[1]);
    int high = Math.max(order[0], order[1]);
    assertThat(TwoOfFour.places(values, 0)).isEqualTo(low | high << 2);
    float[] pruned = TwoOfFour.pruned(values);
    for (int i = 0; i < 4; i++) {
      assertThat(pruned[i]).isEqualTo(i == low || i == high ? values[i] : 0);
    }
  }

  @Test
  void theSquareIsRoundedOnce() {
    assertThat(SquaredRelu.of(-3)).isZero();
    assertThat(SquaredRelu.of(1.5f)).isEqualTo(2.25f);
    // 1.0078125^2 = 1.01568603...: between 1.015625 and 1.0234375.
    assertThat(SquaredRelu.of(1.0078125f)).isEqualTo(1.015625f);
  }

  private static int places(float... group) {
    return TwoOfFour.places(group, 0);
  }
}
