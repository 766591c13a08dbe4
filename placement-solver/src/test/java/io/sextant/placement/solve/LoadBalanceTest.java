package io.sextant.placement.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadBalanceTest {

  @ParameterizedTest
  @ValueSource(ints = {128, 160})
  void balancesRealCountsBetterThanGreedy(int slots) {
    SlotLayout layout = SlotLayout.of(4, 8, slots);
    for (int layer = 0; layer < 6; layer++) {
      int[][] samples = samples(layer, 128, 16);
      double[] load = new double[128];
      for (int[] sample : samples) {
        Arrays.setAll(load, e -> load[e] + sample[e]);
      }
      int[] greedy = EplbPlacement.global(load, layout);
      int[] balanced = LoadBalance.place(samples, layout, 1);
      assertThat(LoadBalance.maxOverMean(samples, balanced, layout))
          .isLessThan(LoadBalance.maxOverMean(samples, greedy, layout));
    }
  }

  @Property(tries = 30)
  void everyExpertIsSomewhereAndNeverTwiceOnAGpu(
      @ForAll @IntRange(min = 1, max = 4) int nodes,
      @ForAll @IntRange(min = 1, max = 4) int gpusPerNode,
      @ForAll @IntRange(min = 1, max = 6) int slotsPerGpu,
      @ForAll @IntRange(min = 1, max = 96) int anyExperts) {
    SlotLayout layout = new SlotLayout(nodes, gpusPerNode, slotsPerGpu);
    int experts = Math.max(slotsPerGpu, Math.min(anyExperts, layout.slots()));
    int[][] samples = samples(0, experts, 5);
    int[] slots = LoadBalance.place(samples, layout, 3);
    assertThat(Arrays.stream(slots).distinct().count()).isEqualTo(experts);
    for (int gpu = 0; gpu < layout.gpus(); gpu++) {
      Set<Integer> held = new HashSet<>();
      for (int p = gpu * slotsPerGpu; p < (gpu + 1) * slotsPerGpu; p++) {
        assertThat(held.add(slots[p])).isTrue();
      }
    }
    assertThat(LoadBalance.place(samples, layout, 3)).isEqualTo(slots);
  }

  @Test
  void refusesFewerSlotsThanExperts() {
    assertThatThrownBy(() -> LoadBalance.place(new int[1][9], new SlotLayout(1, 4, 2), 1))
        .hasMessageContaining("8 slots on 4 GPUs cannot hold 9 experts");
  }

  /** What an engine would have counted over real tokens. */
  private static int[][] samples(int layer, int experts, int samples) {
    LayerTokens tokens = SampleTokens.folded(layer, experts, Math.min(8, experts), 1, 4_000);
    int perSample = tokens.ids().length / samples;
    int[][] counts = new int[samples][experts];
    IntStream.range(0, samples * perSample).forEach(i -> counts[i / perSample][tokens.ids()[i]]++);
    return counts;
  }
}
