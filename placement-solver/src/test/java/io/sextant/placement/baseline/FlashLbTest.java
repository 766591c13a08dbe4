package io.sextant.placement.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.placement.PlacementMap;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FlashLbTest {

  /**
   * The example of FlashLB's description: 8 experts, 16 slots on 8 GPUs. EPLB leaves the busiest
   * GPU 232, FlashLB 205.
   */
  @Test
  void theExampleOfItsDescription() {
    double[] load = {600, 560, 120, 120, 20, 10, 10, 10};
    SlotLayout layout = SlotLayout.of(1, 8, 16);
    assertThat(Math.round(busiest(load, EplbPlacement.global(load, layout), layout)))
        .isEqualTo(232);
    int[] slots = FlashLb.place(LoadStatistics.certain(load), layout);
    assertThat(Math.round(busiest(load, slots, layout))).isLessThanOrEqualTo(205);
  }

  /** Experts 0 and 1 peak in the same windows, 2 and 3 in the others; all means are equal. */
  @Test
  void keepsExpertsApartThatPeakTogether() {
    int windows = 10;
    short[] ids = new short[windows * 100];
    for (int w = 0; w < windows; w++) {
      for (int t = 0; t < 100; t++) {
        int busy = w % 2 == 0 ? 0 : 2;
        ids[w * 100 + t] = (short) (t < 90 ? busy + t % 2 : (busy + 2) % 4 + t % 2);
      }
    }
    LayerTokens tokens = new LayerTokens(4, 1, ids, new byte[ids.length]);
    int[] slots = FlashLb.place(tokens, 100, SlotLayout.of(1, 2, 4));
    assertThat(slots[0] / 2).isNotEqualTo(slots[1] / 2);
    assertThat(slots[2] / 2).isNotEqualTo(slots[3] / 2);
  }

  @Property(tries = 100)
  void everyPlanIsSound(
      @ForAll @IntRange(min = 1, max = 128) int experts,
      @ForAll @IntRange(min = 1, max = 8) int nodes,
      @ForAll @IntRange(min = 1, max = 8) int gpusPerNode,
      @ForAll @IntRange(min = 0, max = 3) int moreSlotsPerGpu,
      @ForAll @IntRange(min = 0, max = 5) int layer) {
    int gpus = nodes * gpusPerNode;
    int perGpu = Math.min(experts, (experts + gpus - 1) / gpus + moreSlotsPerGpu);
    SlotLayout layout = new SlotLayout(nodes, gpusPerNode, perGpu);
    double[] load = Arrays.copyOf(SampleTokens.load(SampleTokens.layer(layer, 1, 4)), experts);
    int[] slots = FlashLb.place(LoadStatistics.certain(load), layout);
    requireSound(slots, experts, gpus);
  }

  @Test
  void refusesTooFewAndTooManySlots() {
    LoadStatistics load = LoadStatistics.certain(new double[] {3, 2, 1});
    assertThatThrownBy(() -> FlashLb.place(load, SlotLayout.of(1, 2, 2)))
        .hasMessage("2 slots cannot hold 3 experts");
    assertThatThrownBy(() -> FlashLb.place(load, SlotLayout.of(1, 2, 8)))
        .hasMessage("4 slots a GPU need two copies of one of 3 experts");
  }

  static void requireSound(int[] slots, int experts, int gpus) {
    PlacementMap map = new PlacementMap("m", experts, List.of(0), new int[][] {slots});
    assertThat(map.faults(gpus)).isEmpty();
    assertThat(map.sharedGpus(gpus)).isEmpty();
  }

  private static double busiest(double[] load, int[] slots, SlotLayout layout) {
    double[] gpuLoad = new double[layout.gpus()];
    for (int p = 0; p < slots.length; p++) {
      int expert = slots[p];
      long copies = IntStream.of(slots).filter(e -> e == expert).count();
      gpuLoad[layout.gpuOfSlot(p)] += load[expert] / copies;
    }
    return Arrays.stream(gpuLoad).max().orElseThrow();
  }
}
