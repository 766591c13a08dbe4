package io.sextant.placement.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.placement.DecisionCases;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DecisionRuleTest {

  /** What has been asked for: right on at least 19 of the 20. */
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

  /** 10 GB to one of 4 nodes at 400 GB/s are 25 ms; of an hour they are 7 millionths. */
  @Test
  void aMoveCostsItsTimeOverTheTimeUntilTheNextRefresh() {
    MovingCost moving = new MovingCost(40_000_000_000L, 10_000_000_000L, 400, 1);
    assertThat(moving.moveMicros()).isEqualTo(25_000);
    assertThat(moving.shareOfLayerTime()).isEqualTo(25e-3 / 3600);
  }

  /** Two nodes of two GPUs; slots 0 and 1 trade GPUs, and a copy of expert 2 comes to node 1. */
  @Test
  void onlyExpertsThatAGpuLacksAreMoved() {
    int[][] current = {{0, 1, 2, 3}};
    ArrivingBytes swapped = ArrivingBytes.between(2, 2, current, new int[][] {{1, 0, 2, 3}}, 7);
    assertThat(swapped.all()).isEqualTo(14);
    assertThat(swapped.busiestNode()).isEqualTo(14);
    int[][] wider = {{1, 0, 0, 1, 3, 2, 3, 2}};
    ArrivingBytes grown = ArrivingBytes.between(2, 2, current, wider, 7);
    assertThat(grown.all()).isEqualTo(28);
    assertThat(grown.busiestNode()).isEqualTo(14);
    assertThat(ArrivingBytes.between(2, 2, current, current, 7).all()).isZero();
  }

  @Test
  void refusesWhatIsNoRule() {
    assertThatThrownBy(() -> new DecisionRule(-0.1, 24, 1))
        .hasMessage("The least gain (-0.1) must be a share from 0 to 1");
    assertThatThrownBy(() -> new DecisionRule(0, 3, 1))
        .hasMessage("3 micro-batches are too few for an interval");
    assertThatThrownBy(() -> new MovingCost(1, 1, 0, 24))
        .hasMessage(
            "The link rate (0.0) and the hours until the next refresh (24.0) must be positive");
    assertThatThrownBy(() -> new MovingCost(1, 2, 1, 24))
        .hasMessage("A node cannot receive 2 of 1 bytes");
  }
}
