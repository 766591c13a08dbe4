package io.sextant.placement.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class MoveBudgetTest {

  /** Slot by slot as a count of the whole map. */
  @Property(tries = 100)
  void countsTheSlotsThatFetchTheirExpert(
      @ForAll @IntRange(min = 1, max = 6) int gpus,
      @ForAll @IntRange(min = 1, max = 5) int slotsPerGpu,
      @ForAll @IntRange(min = 0, max = 12) int mostMoved,
      @ForAll Random random) {
    SlotLayout layout = new SlotLayout(1, gpus, slotsPerGpu);
    int experts = 1 + random.nextInt(layout.slots());
    int[] current = new int[layout.slots()];
    Arrays.setAll(current, p -> p % experts);
    int[] slots = current.clone();
    MoveBudget budget = new MoveBudget(layout, experts, current, mostMoved);
    for (int i = 0; i < 40; i++) {
      int p = random.nextInt(slots.length);
      int to = random.nextInt(experts);
      int more = budget.more(p, slots[p], to);
      int[] changed = slots.clone();
      changed[p] = to;
      assertThat(more)
          .isEqualTo(fetched(layout, current, changed) - fetched(layout, current, slots));
      assertThat(budget.allows(more)).isEqualTo(fetched(layout, current, changed) <= mostMoved);
      if (budget.allows(more)) {
        budget.spend(more);
        slots = changed;
      }
    }
  }

  private static int fetched(SlotLayout layout, int[] current, int[] slots) {
    int fetched = 0;
    for (int p = 0; p < slots.length; p++) {
      boolean held = false;
      for (int q = 0; q < current.length; q++) {
        held |= layout.gpuOfSlot(p) == layout.gpuOfSlot(q) && current[q] == slots[p];
      }
      fetched += held ? 0 : 1;
    }
    return fetched;
  }
}
