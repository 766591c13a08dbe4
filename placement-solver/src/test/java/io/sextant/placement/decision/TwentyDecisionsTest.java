package io.sextant.placement.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.placement.DecisionCases;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TwentyDecisionsTest {

  /** Required: right on at least 19 of the 20. */
  @Test
  void isRightOnNineteenOfTwentyCases() {
    List<DecisionCases.Case> cases = DecisionCases.onSamples();
    String wrong =
        cases.stream()
            .filter(c -> !c.isRight())
            .map(c -> c.kind() + ": " + c.decision().verdict() + ", " + c.decision().reason())
            .collect(Collectors.joining("; "));
    assertThat(cases).hasSize(20);
    assertThat(cases.stream().filter(DecisionCases.Case::isRight).count())
        .as(wrong)
        .isGreaterThanOrEqualTo(19);
  }
}
