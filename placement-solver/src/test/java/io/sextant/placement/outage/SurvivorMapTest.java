package io.sextant.placement.outage;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SurvivorMapTest {
  private static final SlotLayout LAYOUT = new SlotLayout(2, 2, 2);
  private static final double[] LOAD = {8, 6, 4, 3, 2, 1};

  private static SurvivorMap without(int gpu, int... map) {
    return SurvivorMap.of(
        map, new LostGpus(LAYOUT, gpu, 1), LostGpus.none(LAYOUT), Arrays.copyOf(LOAD, 6));
  }

  @Test
  void anExpertWithoutACopyTakesTheSlotOfACopyThatCanBeSpared() {
    SurvivorMap map = without(0, 2, 3, 0, 1, 0, 4, 1, 5);
    assertThat(map.lost()).isEqualTo(2);
    assertThat(map.missing()).isZero();
    assertThat(map.slots()).startsWith(-1, -1);
    for (int expert = 0; expert < 6; expert++) {
      assertThat(map.slots()).contains(expert);
    }
    // Expert 2 is heavier, so it comes first, and the weights were in slot 0 alone.
    assertThat(map.writes()).extracting(ExpertWrite::expert).containsExactly(2, 3);
    assertThat(map.writes()).extracting(ExpertWrite::fromSlot).containsExactly(0, 1);
  }

  @Test
  void nothingIsWrittenIfEveryExpertHasAnotherCopy() {
    SurvivorMap map = without(1, 0, 1, 0, 1, 2, 3, 4, 5);
    assertThat(map.writes()).isEmpty();
    assertThat(map.slots()).containsExactly(0, 1, -1, -1, 2, 3, 4, 5);
  }

  @Test
  void expertsWithoutRoomAreMissing() {
    SurvivorMap map =
        SurvivorMap.of(
            new int[] {0, 1, 2, 3, 4, 5, 0, 1},
            LostGpus.node(LAYOUT, 0),
            LostGpus.none(LAYOUT),
            LOAD);
    assertThat(map.lost()).isEqualTo(2);
    assertThat(map.missing()).isEqualTo(2);
    assertThat(map.writes()).isEmpty();
  }

  /** GPU 3 leaves next, so what GPU 2 had alone goes elsewhere. */
  @Test
  void aGpuThatLeavesNextGetsNothing() {
    int[] map = {0, 1, 0, 1, 2, 3, 4, 5};
    SurvivorMap first =
        SurvivorMap.of(map, new LostGpus(LAYOUT, 2, 1), new LostGpus(LAYOUT, 2, 2), LOAD);
    assertThat(first.writes()).allMatch(write -> write.slot() < 4);
    assertThat(first.missing()).isZero();
  }
}
