package io.sextant.placement.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.Evaluations;
import io.sextant.placement.SampleTokens;
import io.sextant.placement.cost.CostModel;
import io.sextant.placement.evaluate.LayerEvaluator;
import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RelabellingTest {

  @Property(tries = 100)
  void movesAsLittleAsAnyOrderOfTheGpus(
      @ForAll @IntRange(min = 1, max = 3) int nodes,
      @ForAll @IntRange(min = 1, max = 4) int gpusPerNode,
      @ForAll @IntRange(min = 0, max = 2) int moreSlots,
      @ForAll @IntRange(min = 0, max = 60) int changes,
      @ForAll Random random) {
    int experts = 24;
    int gpus = nodes * gpusPerNode;
    SlotLayout layout =
        new SlotLayout(
            nodes, gpusPerNode, Math.min(experts, (experts + gpus - 1) / gpus + moreSlots));
    int[] current = Maps.planned(layout, experts, 0, 4);
    int[] target = Maps.changed(layout, shuffledGpus(layout, current, random), changes, random);
    int[] relabelled = Relabelling.withinNodes(layout, current, target);
    assertSameNodes(layout, relabelled, target);
    assertThat(MovedSlots.count(layout, current, relabelled))
        .isEqualTo(fewestOfAllOrders(layout, current, target))
        .isEqualTo(changedSlots(current, relabelled));
    assertThat(Relabelling.withinNodes(layout, current, relabelled)).isEqualTo(relabelled);
    int[] across = Relabelling.acrossNodes(layout, current, target);
    assertThat(MovedSlots.count(layout, current, across))
        .isEqualTo(changedSlots(current, across))
        .isLessThanOrEqualTo(MovedSlots.count(layout, current, relabelled));
  }

  /** What stays keeps its slot, so that the slots that differ are the slots that move. */
  private static int changedSlots(int[] current, int[] target) {
    return (int) IntStream.range(0, current.length).filter(p -> current[p] != target[p]).count();
  }

  @Property(tries = 25)
  void isWorthTheSame(
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll @IntRange(min = 0, max = 2) int moreSlots,
      @ForAll Random random) {
    SlotLayout layout = new SlotLayout(4, 8, 4 + moreSlots);
    int[] current = Maps.planned(layout, 128, layer, 4);
    int[] target = shuffledGpus(layout, Maps.planned(layout, 128, layer, 7), random);
    PlacementMetrics was = evaluate(layout, target, layer);
    PlacementMetrics is = evaluate(layout, Relabelling.withinNodes(layout, current, target), layer);
    // Hash-picked copies are in the same nodes in the same order.
    assertThat(is.remoteNodesPerToken()).isEqualTo(was.remoteNodesPerToken());
    assertThat(is.maxOverMeanNodeReceive()).isEqualTo(was.maxOverMeanNodeReceive());
    // Of the copies in one node the hash picks others; without copies there is nothing to pick.
    assertThat(is.maxOverMeanGpuLoad())
        .isCloseTo(was.maxOverMeanGpuLoad(), within(moreSlots == 0 ? 1e-12 : 0.02));
  }

  /** Without regard to the copies, the second GPU would play the first, which moves one less. */
  @Test
  void copiesOnOneGpuStayOnTheirGpu() {
    SlotLayout layout = new SlotLayout(1, 2, 4);
    int[] current = {0, 0, 1, 2, 3, 4, 5, 6};
    int[] target = {0, 0, 3, 4, 1, 2, 5, 6};
    assertThat(Relabelling.withinNodes(layout, current, target))
        .containsExactly(0, 0, 3, 4, 1, 2, 5, 6);
  }

  @Test
  void keepsAMapThatOnlyGotOtherNames() {
    SlotLayout layout = new SlotLayout(4, 8, 5);
    int[] current = Maps.planned(layout, 128, 2, 5);
    int[] named = shuffledGpus(layout, current, new Random(3));
    assertThat(MovedSlots.count(layout, current, named)).isPositive();
    assertThat(Relabelling.withinNodes(layout, current, named)).isEqualTo(current);
    int[] nodes = new int[layout.slots()];
    int perNode = layout.slotsPerNode();
    for (int p = 0; p < nodes.length; p++) {
      nodes[p] = named[(p + perNode) % nodes.length];
    }
    assertThat(Relabelling.acrossNodes(layout, current, nodes)).isEqualTo(current);
    assertThat(Relabelling.withinNodes(layout, current, nodes)).isNotEqualTo(current);
  }

  @Test
  void changingPlacesOnAGpuMovesNothing() {
    SlotLayout layout = new SlotLayout(1, 2, 2);
    assertThat(MovedSlots.count(layout, new int[] {0, 1, 2, 3}, new int[] {1, 0, 3, 2})).isZero();
    assertThat(MovedSlots.count(layout, new int[] {0, 1, 2, 3}, new int[] {0, 2, 1, 3}))
        .isEqualTo(2);
    assertThat(Relabelling.withinNodes(layout, new int[] {0, 1, 2, 3}, new int[] {3, 2, 1, 0}))
        .containsExactly(0, 1, 2, 3);
    assertThatThrownBy(() -> MovedSlots.count(layout, new int[4], new int[6]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The map has 6 slots but the cluster 4");
  }

  /** GPUs of each node in another order, and the slots of each. */
  private static int[] shuffledGpus(SlotLayout layout, int[] map, Random random) {
    int[] slots = new int[map.length];
    int per = layout.slotsPerGpu();
    for (int node = 0; node < layout.nodes(); node++) {
      int[] order = shuffled(layout.gpusPerNode(), random);
      for (int g = 0; g < order.length; g++) {
        int[] inside = shuffled(per, random);
        for (int s = 0; s < per; s++) {
          slots[(node * order.length + g) * per + s] =
              map[(node * order.length + order[g]) * per + inside[s]];
        }
      }
    }
    return slots;
  }

  private static int[] shuffled(int n, Random random) {
    int[] order = IntStream.range(0, n).toArray();
    for (int i = n - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int o = order[i];
      order[i] = order[j];
      order[j] = o;
    }
    return order;
  }

  private static void assertSameNodes(SlotLayout layout, int[] map, int[] other) {
    for (int node = 0; node < layout.nodes(); node++) {
      assertThat(expertsOfNode(layout, map, node)).isEqualTo(expertsOfNode(layout, other, node));
    }
    assertThat(Maps.shares(layout, map)).isFalse();
  }

  private static int[] expertsOfNode(SlotLayout layout, int[] map, int node) {
    int per = layout.slotsPerNode();
    int[] experts = Arrays.copyOfRange(map, node * per, (node + 1) * per);
    Arrays.sort(experts);
    return experts;
  }

  private static int fewestOfAllOrders(SlotLayout layout, int[] current, int[] target) {
    int sum = 0;
    for (int node = 0; node < layout.nodes(); node++) {
      sum += fewest(layout, current, target, node, 0, 0);
    }
    return sum;
  }

  private static int fewest(
      SlotLayout layout, int[] current, int[] target, int node, int gpu, int used) {
    int n = layout.gpusPerNode();
    if (gpu == n) {
      return 0;
    }
    int best = Integer.MAX_VALUE;
    for (int as = 0; as < n; as++) {
      if ((used & (1 << as)) == 0) {
        int per = layout.slotsPerGpu();
        int first = (node * n + as) * per;
        int held = node * n + gpu;
        int moved =
            (int)
                IntStream.range(first, first + per)
                    .filter(p -> !Maps.holds(layout, current, held, target[p]))
                    .count();
        best =
            Math.min(
                best, moved + fewest(layout, current, target, node, gpu + 1, used | (1 << as)));
      }
    }
    return best;
  }

  private static PlacementMetrics evaluate(SlotLayout layout, int[] slots, int layer) {
    LayerTokens tokens = SampleTokens.layer(layer, layout.nodes(), 8);
    LayerEvaluator evaluator =
        Evaluations.evaluator(layout, slots, tokens.experts(), new CostModel(0, 0, 0), 2048, 256);
    int k = tokens.topK();
    for (int t = 0; t < tokens.tokens(); t++) {
      evaluator.add(
          Arrays.copyOfRange(tokens.ids(), t * k, (t + 1) * k),
          k,
          1,
          0,
          tokens.sourceNode()[t] * layout.gpusPerNode());
    }
    return evaluator.tally().metrics();
  }
}
