package io.sextant.numerics.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.numerics.pruning.ShapeTimes.Time;
import org.junit.jupiter.api.Test;

class PruningGainTest {
  private static PruningGain gain(double fastest, double high, double budget) {
    return new PruningGain(new Time(10, 9.9, 10.1), new Time(fastest, fastest, high), budget, 1.05);
  }

  @Test
  void theNoteSaysWhatTheTimesSay() {
    assertThat(gain(9.8, 9.85, 7).note())
        .isEqualTo(
            "no gain from pruning at these shapes: the narrowest layers take 9.80 us of 10.00 us"
                + " (1.02x, 1.05x asked)");
    assertThat(gain(8, 8.1, 7).note())
        .isEqualTo(
            "the budget of 7.00 us cannot be met: the fastest plan takes 8.00 us and is taken");
    assertThat(gain(5, 5.1, 7).note())
        .isEqualTo("pruning pays: down to 5.00 us of 10.00 us (2.00x); budget 7.00 us");
  }

  @Test
  void aGainWithinTheNoiseOfTheTimingIsNone() {
    assertThat(gain(9, 10, 7).pays()).isFalse();
    assertThat(gain(9, 9.5, 7).pays()).isTrue();
  }
}
