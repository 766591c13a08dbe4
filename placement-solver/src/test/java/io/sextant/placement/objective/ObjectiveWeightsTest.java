package io.sextant.placement.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.CopyRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectiveWeightsTest {

  @ParameterizedTest
  @CsvSource({
    "4, 128, 0.3333333, 0.6666667",
    "4, 160, 0.5, 0.5",
    "8, 128, 1.3333333, 1.3333333",
    "8, 192, 0.5, 0.5"
  })
  void priceOfBalanceFollowsTheShapeOfTheCluster(
      int nodes, int slots, double alone, double forGroups) {
    SlotLayout layout = SlotLayout.of(nodes, 8, slots);
    assertThat(ObjectiveWeights.forLayout(layout, 128).gpuLoad()).isCloseTo(alone, within(1e-7));
    assertThat(ObjectiveWeights.forLayout(layout, 128).nodeReceive()).isEqualTo(1);
    assertThat(ObjectiveWeights.forGroups(CopyRule.IDEAL, layout, 128).gpuLoad())
        .isCloseTo(forGroups, within(1e-7));
    assertThat(ObjectiveWeights.forGroups(CopyRule.IDEAL, layout, 128).nodeReceive()).isEqualTo(1);
  }

  /**
   * Balance is cheap beside traffic if copies save traffic, and dear if they only serve balance.
   */
  @ParameterizedTest
  @CsvSource({
    "IDEAL, 0.5, 1",
    "NEAREST, 0.45, 0.25",
    "TOKEN_HASH, 0.8, 1",
    "RANK, 1.1, 1",
    "RANDOM, 2, 1",
    "ROUND_ROBIN, 2, 1",
    "LP, 1.2, 1"
  })
  void withCopiesThePriceFollowsTheRule(CopyRule rule, double gpuLoad, double nodeReceive) {
    assertThat(ObjectiveWeights.forRule(rule, SlotLayout.of(8, 8, 192), 128))
        .isEqualTo(new ObjectiveWeights(gpuLoad, nodeReceive));
    SlotLayout single = SlotLayout.of(8, 8, 128);
    assertThat(ObjectiveWeights.forRule(rule, single, 128))
        .isEqualTo(ObjectiveWeights.forLayout(single, 128));
  }

  @Test
  void objectiveIsTrafficPlusThePriceOfBothExcesses() {
    assertThat(new ObjectiveWeights(0.5, 2).objective(3, 1.5, 1.25)).isEqualTo(3.75);
  }
}
