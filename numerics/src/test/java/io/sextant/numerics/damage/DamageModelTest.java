package io.sextant.numerics.damage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sextant.schema.stats.Estimate;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DamageModelTest {
  @Property(tries = 100)
  void aScaleIsFoundAgain(
      @ForAll @IntRange(min = 1, max = 1000) int tenThousandths, @ForAll long seed) {
    double scale = tenThousandths * 1e-4;
    double[] damage = new Random(seed).doubles(12, 1, 100).toArray();
    double[] rise = new double[damage.length];
    for (int i = 0; i < rise.length; i++) {
      rise[i] = scale * damage[i];
    }
    DamageModel model = DamageModel.fit(damage, rise, 0.01);
    assertThat(model.scale()).isCloseTo(scale, within(1e-5 * scale));
    assertThat(model.residual()).isLessThan(1e-4);
  }

  @Test
  void predictionsRiseWithTheDamageAndTheirIntervalsHoldThem() {
    DamageModel model = new DamageModel(0.001, 0.01, 0.5, 17);
    Estimate before = model.predict(0);
    assertThat(before.value()).isZero();
    assertThat(before.low()).isNegative();
    for (double damage = 1; damage < 300; damage *= 2) {
      Estimate predicted = model.predict(damage);
      assertThat(predicted.value())
          .isGreaterThan(before.value())
          .isBetween(predicted.low(), predicted.high());
      assertThat(predicted.low()).isGreaterThan(before.low());
      before = predicted;
    }
  }

  @Test
  void threePlansAreNotEnough() {
    assertThatThrownBy(() -> DamageModel.fit(new double[3], new double[3], 0.01))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
