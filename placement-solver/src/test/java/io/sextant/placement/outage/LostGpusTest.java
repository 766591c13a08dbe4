package io.sextant.placement.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.placement.problem.SlotLayout;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LostGpusTest {
  private static final SlotLayout LAYOUT = new SlotLayout(3, 4, 2);

  private static Set<Integer> survivors(LostGpus lost, int gpu) {
    Set<Integer> survivors = new TreeSet<>();
    for (long request = -50; request < 50; request++) {
      survivors.add(lost.survivor(gpu, request));
    }
    return survivors;
  }

  @Test
  void requestsOfALostGpuRunOnTheOthersOfItsNode() {
    LostGpus lost = new LostGpus(LAYOUT, 5, 1);
    assertThat(survivors(lost, 5)).containsExactly(4, 6, 7);
    assertThat(survivors(lost, 6)).containsExactly(6);
  }

  @Test
  void requestsOfALostNodeRunOnAllOthers() {
    assertThat(survivors(LostGpus.node(LAYOUT, 1), 6)).containsExactly(0, 1, 2, 3, 8, 9, 10, 11);
    assertThat(survivors(LostGpus.last(LAYOUT, 6), 7)).containsExactly(4, 5);
    assertThat(survivors(LostGpus.last(LAYOUT, 6), 9)).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void someGpuHasToBeLeft() {
    assertThatThrownBy(() -> LostGpus.last(LAYOUT, 12))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(LostGpus.none(LAYOUT).left()).isEqualTo(12);
  }
}
