package io.sextant.gpu.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormulaTest {
  private static final int[] TOKENS = {100, 0, 129};
  private static final Formula.Sizes SIZES =
      new Formula.Sizes(
          229, 4096, 7168, 3, tile -> Arrays.stream(TOKENS).map(t -> (t + tile - 1) / tile).sum());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "7|7",
        "m + n * 2|8421",
        "(m + n) * 2|8650",
        "ceil(m, 128) * (n / 128)|64",
        "65536 + 4 * ceil(m, 16) * 16 * n * 4|15794176",
        "tiles(128) - experts|0",
        "10 - 3 - 2|5",
      })
  void computesWithTheSizes(String text, long value) {
    assertThat(Formula.value(text, SIZES)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "q", "m n", "ceil(m)", "m / 0", "(m", "tiles(0)", "m +"})
  void namesThePlaceOfAFault(String text) {
    assertThatThrownBy(() -> Formula.value(text, SIZES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at character");
  }

  @Test
  void overflowIsAnError() {
    assertThatThrownBy(() -> Formula.value("n * n * n * n * n * n", SIZES))
        .isInstanceOf(ArithmeticException.class);
  }
}
