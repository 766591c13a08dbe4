package io.sextant.placement.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.placement.objective.MicroBatchLoads;
import io.sextant.placement.problem.BalanceUnit;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.Topology;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeaviestFirstTest {
  /** Loads 60, 50, 30, 20. */
  private static final MicroBatchLoads LOADS =
      new MicroBatchLoads(BalanceUnit.TOKENS, 1, 4, 1, new int[][] {{30, 60, 20, 50}});

  @Test
  void theHeaviestCopyGoesToTheLightestGpu() {
    HeaviestFirst packed =
        new HeaviestFirst(new SlotLayout(1, 2, 2), LOADS, new int[][] {{0, 1, 2, 3}});
    assertThat(packed.slotToExpert()).containsExactly(1, 2, 3, 0);
    assertThat(packed.copyLoad()[0]).containsExactly(60);
    assertThat(packed.copyLoad()[3]).containsExactly(30);
  }

  /** At a quarter of the speed, 50 are as much as 200: the next copy goes to the fast GPU. */
  @Test
  void aSlowGpuCountsByItsSpeed() {
    SlotLayout layout = new SlotLayout(1, 2, 2).on(new Topology(List.of(), List.of(1.0, 0.25)));
    HeaviestFirst packed = new HeaviestFirst(layout, LOADS, new int[][] {{0, 1, 2, 3}});
    assertThat(packed.slotToExpert()).containsExactly(1, 0, 3, 2);
  }

  /** Expert 0 has two copies: they come first, each onto a GPU of its own, though 1 is heavier. */
  @Test
  void copiesOfOneExpertGoToDifferentGpus() {
    HeaviestFirst packed =
        new HeaviestFirst(new SlotLayout(1, 2, 2), LOADS, new int[][] {{0, 0, 1, 3}});
    assertThat(packed.slotToExpert()).containsExactly(0, 1, 0, 3);
    assertThat(packed.copyLoad()[0]).containsExactly(15);
  }
}
