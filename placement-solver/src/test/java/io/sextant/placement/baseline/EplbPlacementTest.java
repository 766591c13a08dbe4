package io.sextant.placement.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EplbPlacementTest {

  /**
   * The example of EPLB's own documentation (github.com/deepseek-ai/EPLB): two layers, 12 experts
   * in 4 groups, 2 nodes of 4 GPUs, 16 slots.
   */
  @Test
  void theExampleOfItsDocumentation() {
    SlotLayout layout = SlotLayout.of(2, 4, 16);
    double[] first = {90, 132, 40, 61, 104, 165, 39, 4, 73, 56, 183, 86};
    assertThat(gpus(EplbPlacement.hierarchical(first, 4, layout), layout))
        .isDeepEqualTo(
            new int[][] {{5, 6}, {5, 7}, {4, 8}, {3, 4}, {9, 10}, {2, 10}, {0, 1}, {1, 11}});
    double[] second = {20, 107, 104, 64, 19, 197, 187, 157, 172, 86, 16, 27};
    assertThat(gpus(EplbPlacement.hierarchical(second, 4, layout), layout))
        .isDeepEqualTo(
            new int[][] {{7, 10}, {6, 8}, {6, 11}, {8, 9}, {2, 4}, {1, 5}, {0, 5}, {1, 3}});
  }

  /** Five slots for loads 8, 3, 1: two extra copies of the first leave 8/3 against 3 and 1. */
  @Test
  void extraCopiesGoWhereACopyCarriesMost() {
    int[] slots = EplbPlacement.global(new double[] {8, 3, 1}, SlotLayout.of(1, 5, 5));
    assertThat(slots).containsExactlyInAnyOrder(0, 0, 0, 1, 2);
  }

  @Property(tries = 200)
  void placesEveryExpertAndFillsEveryGpu(
      @ForAll @IntRange(min = 1, max = 128) int experts,
      @ForAll @IntRange(min = 1, max = 8) int nodes,
      @ForAll @IntRange(min = 1, max = 8) int gpusPerNode,
      @ForAll @IntRange(min = 0, max = 3) int moreSlotsPerGpu,
      @ForAll @IntRange(min = 0, max = 5) int layer) {
    int gpus = nodes * gpusPerNode;
    SlotLayout layout =
        new SlotLayout(nodes, gpusPerNode, (experts + gpus - 1) / gpus + moreSlotsPerGpu);
    double[] load = Arrays.copyOf(realLoad(layer), experts);
    int[] slots = EplbPlacement.global(load, layout);
    assertThat(slots).hasSize(layout.slots());
    assertThat(IntStream.of(slots).distinct().sorted().toArray())
        .isEqualTo(IntStream.range(0, experts).toArray());
    // Greedy replication: taking a copy from any expert leaves it with no less load per copy than
    // the busiest copy has now.
    int[] copies = copies(slots, experts);
    double busiest =
        IntStream.range(0, experts).mapToDouble(e -> load[e] / copies[e]).max().orElse(0);
    for (int e = 0; e < experts; e++) {
      if (copies[e] > 1) {
        assertThat(load[e] / (copies[e] - 1)).isGreaterThanOrEqualTo(busiest);
      }
    }
    assertThat(EplbPlacement.global(load, layout)).isEqualTo(slots);
  }

  @Property(tries = 200)
  void hierarchicalKeepsGroupsOnNodes(
      @ForAll @IntRange(min = 1, max = 6) int groupSize,
      @ForAll @IntRange(min = 1, max = 4) int groupsPerNode,
      @ForAll @IntRange(min = 1, max = 5) int nodes,
      @ForAll @IntRange(min = 1, max = 4) int gpusPerNode,
      @ForAll @IntRange(min = 0, max = 2) int moreSlotsPerGpu,
      @ForAll @IntRange(min = 0, max = 5) int layer) {
    int experts = groupSize * groupsPerNode * nodes;
    Assume.that(experts <= 128);
    int perNode = groupSize * groupsPerNode;
    SlotLayout layout =
        new SlotLayout(
            nodes, gpusPerNode, (perNode + gpusPerNode - 1) / gpusPerNode + moreSlotsPerGpu);
    int[] slots =
        EplbPlacement.hierarchical(
            Arrays.copyOf(realLoad(layer), experts), groupsPerNode * nodes, layout);
    int[] nodeOfGroup = new int[groupsPerNode * nodes];
    Arrays.fill(nodeOfGroup, -1);
    boolean[] placed = new boolean[experts];
    for (int p = 0; p < slots.length; p++) {
      int group = slots[p] / groupSize;
      int node = layout.nodeOfSlot(p);
      assertThat(nodeOfGroup[group]).isIn(-1, node);
      nodeOfGroup[group] = node;
      placed[slots[p]] = true;
    }
    assertThat(placed).doesNotContain(false);
    int[] groupsOn = new int[nodes];
    for (int node : nodeOfGroup) {
      groupsOn[node]++;
    }
    assertThat(groupsOn).containsOnly(groupsPerNode);
  }

  @ParameterizedTest
  @CsvSource({"4, 8, 128", "4, 8, 160", "8, 8, 128", "8, 8, 192", "2, 4, 128", "2, 2, 136"})
  void balancesRealCountsBetterThanLinear(int nodes, int gpusPerNode, int slots) {
    SlotLayout layout = SlotLayout.of(nodes, gpusPerNode, slots);
    for (int layer = 0; layer < 6; layer++) {
      double[] load = realLoad(layer);
      double linear = imbalance(load, LinearPlacement.place(128, slots), layout);
      assertThat(imbalance(load, EplbPlacement.global(load, layout), layout)).isLessThan(linear);
      assertThat(imbalance(load, EplbPlacement.hierarchical(load, 16, layout), layout))
          .isLessThan(linear);
    }
  }

  @Test
  void refusesWhatCannotBePlaced() {
    assertThatThrownBy(() -> EplbPlacement.global(new double[9], SlotLayout.of(2, 4, 8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("8 slots cannot hold 9 experts");
    assertThatThrownBy(() -> EplbPlacement.hierarchical(new double[12], 3, SlotLayout.of(2, 4, 16)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("12 experts do not divide into 3 groups over 2 nodes");
  }

  /** The experts of each GPU, ascending: their order within a GPU means nothing. */
  private static int[][] gpus(int[] slots, SlotLayout layout) {
    int per = layout.slotsPerGpu();
    return IntStream.range(0, layout.gpus())
        .mapToObj(g -> IntStream.of(slots).skip((long) g * per).limit(per).sorted().toArray())
        .toArray(int[][]::new);
  }

  private static double[] realLoad(int layer) {
    return SampleTokens.load(SampleTokens.layer(layer, 4, 4));
  }

  private static int[] copies(int[] slots, int experts) {
    int[] copies = new int[experts];
    for (int e : slots) {
      copies[e]++;
    }
    return copies;
  }

  /** Max/mean GPU load with an expert's load shared evenly by its copies. */
  private static double imbalance(double[] load, int[] slots, SlotLayout layout) {
    int[] copies = copies(slots, load.length);
    double[] gpu = new double[layout.gpus()];
    for (int p = 0; p < slots.length; p++) {
      gpu[layout.gpuOfSlot(p)] += load[slots[p]] / copies[slots[p]];
    }
    return Arrays.stream(gpu).max().orElseThrow() * gpu.length / Arrays.stream(gpu).sum();
  }
}
