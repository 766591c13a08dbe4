package io.sextant.placement.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.Evaluations;
import io.sextant.placement.SampleTokens;
import io.sextant.placement.Topologies;
import io.sextant.placement.problem.BalanceUnit;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class GpuLoadsTest {

  @Property(tries = 60)
  void aTrialOfLoadIsWhatAFreshCountSays(
      @ForAll @IntRange(min = 1, max = 5) int nodes,
      @ForAll @IntRange(min = 2, max = 4) int gpusPerNode,
      @ForAll @IntRange(min = 1, max = 4) int slotsPerGpu,
      @ForAll BalanceUnit unit,
      @ForAll Random random) {
    SlotLayout layout =
        new SlotLayout(nodes, gpusPerNode, slotsPerGpu)
            .on(Topologies.slow(nodes * gpusPerNode, g -> random.nextInt(4) == 0));
    int experts = 2 + random.nextInt(layout.slots() - 1);
    LayerTokens tokens = SampleTokens.folded(1, experts, Math.min(4, experts), nodes, 400);
    MicroBatchLoads counted = MicroBatchLoads.of(tokens, nodes, 100, unit);
    int[] slots = IntStream.range(0, layout.slots()).map(p -> p % experts).toArray();
    GpuLoads loads = new GpuLoads(layout, counted, slots);
    for (int i = 0; i < 30; i++) {
      int a = slots[random.nextInt(slots.length)];
      int b = random.nextInt(experts);
      if (a == b) {
        continue;
      }
      int[] changed = slots.clone();
      change(changed, a, b, random);
      double trial = loads.trial(a, slotsOf(changed, a), b, slotsOf(changed, b));
      double fresh = new GpuLoads(layout, counted, changed).imbalance();
      assertThat(trial).isCloseTo(fresh, within(1e-4));
      if (random.nextBoolean()) {
        loads.commit();
        slots = changed;
        assertThat(loads.imbalance()).isCloseTo(fresh, within(1e-4));
        assertThat(loads.slotsOf(a)).isEqualTo(slotsOf(slots, a));
        assertThat(loads.slotsOf(b)).isEqualTo(slotsOf(slots, b));
      }
    }
  }

  /** Two slots swapped, one given away, or everything exchanged; each expert keeps a slot. */
  private static void change(int[] slots, int a, int b, Random random) {
    int[] ofA = slotsOf(slots, a);
    int[] ofB = slotsOf(slots, b);
    int kind = random.nextInt(3);
    if (kind == 0) {
      slots[ofA[random.nextInt(ofA.length)]] = b;
      slots[ofB[random.nextInt(ofB.length)]] = a;
    } else if (kind == 1 && ofA.length > 1) {
      slots[ofA[random.nextInt(ofA.length)]] = b;
    } else {
      for (int p : ofA) {
        slots[p] = b;
      }
      for (int p : ofB) {
        slots[p] = a;
      }
    }
  }

  @Property(tries = 40)
  void imbalanceIsAPlainCount(
      @ForAll @IntRange(min = 1, max = 4) int nodes,
      @ForAll @IntRange(min = 1, max = 4) int gpusPerNode,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll Random random) {
    SlotLayout layout = new SlotLayout(nodes, gpusPerNode, 3);
    int experts = 1 + random.nextInt(layout.slots());
    LayerTokens tokens = SampleTokens.folded(layer, experts, Math.min(4, experts), nodes, 300);
    int[] slots =
        IntStream.range(0, layout.slots())
            .map(p -> p < experts ? p : random.nextInt(experts))
            .toArray();
    MicroBatchLoads counted = MicroBatchLoads.of(tokens, nodes, 100, BalanceUnit.TOKENS);
    assertThat(new GpuLoads(layout, counted, slots).imbalance())
        .isCloseTo(Evaluations.expectedGpuLoad(layout, slots, tokens, 100), within(1e-5));
  }

  private static int[] slotsOf(int[] slots, int expert) {
    return IntStream.range(0, slots.length).filter(p -> slots[p] == expert).toArray();
  }
}
