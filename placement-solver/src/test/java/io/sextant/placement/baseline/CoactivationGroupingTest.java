package io.sextant.placement.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.placement.Evaluations;
import io.sextant.placement.SampleTokens;
import io.sextant.placement.cost.CostModel;
import io.sextant.placement.evaluate.LayerEvaluator;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CoactivationGroupingTest {

  private static double remoteNodes(int[] slots, SlotLayout layout, LayerTokens tokens) {
    LayerEvaluator evaluator =
        Evaluations.evaluator(
            layout, slots, tokens.experts(), new CostModel(0, 0, 0), tokens.tokens(), 1);
    int k = tokens.topK();
    for (int t = 0; t < tokens.tokens(); t++) {
      evaluator.add(
          Arrays.copyOfRange(tokens.ids(), t * k, (t + 1) * k),
          k,
          1,
          0,
          tokens.sourceNode()[t] * layout.gpusPerNode());
    }
    return evaluator.tally().metrics().remoteNodesPerToken();
  }

  /** Two pairs that are always used together, each by tokens of one node, interleaved by id. */
  @Test
  void putsPairsOnTheNodeTheirTokensComeFrom() {
    short[] ids = {0, 2, 2, 0, 1, 3, 3, 1};
    LayerTokens tokens = new LayerTokens(4, 2, ids, new byte[] {1, 1, 0, 0});
    SlotLayout layout = SlotLayout.of(2, 2, 4);
    int[] slots = CoactivationGrouping.place(tokens, layout);
    assertThat(Arrays.copyOf(slots, 2)).containsExactlyInAnyOrder(1, 3);
    assertThat(remoteNodes(slots, layout, tokens)).isZero();
  }

  /** As the papers report: less traffic than linear, on a later day than it was made from. */
  @Test
  void savesTrafficOnTheNextDay() {
    SlotLayout layout = SlotLayout.of(4, 8, 128);
    LayerTokens later = SampleTokens.layer(4, 4, 8);
    int[] slots = CoactivationGrouping.place(SampleTokens.layer(4, 4, 4, 5, 6, 7), layout);
    assertThat(remoteNodes(slots, layout, later))
        .isLessThan(0.9 * remoteNodes(LinearPlacement.place(128, 128), layout, later));
  }

  @Property(tries = 60)
  void everyPlanIsSoundAndKeepsCopiesInOneNode(
      @ForAll @IntRange(min = 8, max = 128) int experts,
      @ForAll @IntRange(min = 1, max = 8) int nodes,
      @ForAll @IntRange(min = 1, max = 8) int gpusPerNode,
      @ForAll @IntRange(min = 0, max = 1) int moreSlotsPerGpu) {
    int gpus = nodes * gpusPerNode;
    int perNode = experts / nodes;
    int perGpu = Math.min(perNode, (perNode + gpusPerNode) / gpusPerNode + moreSlotsPerGpu);
    SlotLayout layout = new SlotLayout(nodes, gpusPerNode, perGpu);
    Assume.that(
        layout.slots() >= experts && layout.slotsPerNode() >= (experts + nodes - 1) / nodes);
    LayerTokens real = SampleTokens.layer(1, nodes, 4);
    short[] ids = real.ids().clone();
    for (int i = 0; i < ids.length; i++) {
      ids[i] %= (short) experts;
    }
    LayerTokens tokens = new LayerTokens(experts, 8, ids, real.sourceNode());
    int[] slots = CoactivationGrouping.place(tokens, layout);
    FlashLbTest.requireSound(slots, experts, gpus);
    int[] nodeOf = new int[experts];
    Arrays.fill(nodeOf, -1);
    for (int p = 0; p < slots.length; p++) {
      int node = layout.nodeOfSlot(p);
      assertThat(nodeOf[slots[p]]).isIn(-1, node);
      nodeOf[slots[p]] = node;
    }
  }

  @Test
  void refusesTooFewSlots() {
    LayerTokens tokens = new LayerTokens(4, 2, new short[] {0, 1}, new byte[1]);
    assertThatThrownBy(() -> CoactivationGrouping.place(tokens, SlotLayout.of(1, 2, 2)))
        .hasMessage("2 slots cannot hold 4 experts");
  }
}
