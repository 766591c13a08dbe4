package io.sextant.numerics.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FittedLawTest {
  private static ScalingPoint run(double parameters, Double tokens, double loss) {
    return new ScalingPoint("transformer", "web", parameters, tokens, loss);
  }

  @Test
  void ofEachSizeTheRunWithTheMostTokensCounts() {
    FittedLaw fitted =
        FittedLaw.of(
            List.of(
                run(1e6, null, 9.0),
                run(1e6, 2e9, 3.0),
                run(1e6, 1e9, 2.5),
                run(1e7, 2e9, 2.9),
                run(1e7, 2e9, 2.4),
                run(1e8, null, 2.0)));
    assertThat(fitted.family()).isEqualTo("transformer");
    assertThat(fitted.benchmark()).isEqualTo("web");
    assertThat(fitted.law())
        .isEqualTo(
            ScalingLaw.fit(List.of(run(1e6, 2e9, 3.0), run(1e7, 2e9, 2.4), run(1e8, null, 2.0))));
  }

  @Test
  void twoSizesHaveNoLaw() {
    assertThat(FittedLaw.of(List.of(run(1e6, null, 3.0), run(1e7, null, 2.5))).law()).isNull();
  }
}
