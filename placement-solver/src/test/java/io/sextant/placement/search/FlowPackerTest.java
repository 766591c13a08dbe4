package io.sextant.placement.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.Topologies;
import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.anneal.AnnealingStage;
import io.sextant.placement.objective.FlowLoads;
import io.sextant.placement.objective.ObjectiveWeights;
import io.sextant.placement.problem.CopyLimits;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.Transport;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FlowPackerTest {
  private static final AnnealingStage STAGE = new AnnealingStage(2e-3, 2e-5);
  private static final int MICRO_BATCH = 150;
  private static final int TOKENS = 600;

  @Property(tries = 30)
  void reachesTheLeastLoadOfAnyFractionalSplit(
      @ForAll @IntRange(min = 1, max = 4) int nodes,
      @ForAll @IntRange(min = 2, max = 4) int gpusPerNode,
      @ForAll @IntRange(min = 1, max = 4) int slotsPerGpu,
      @ForAll @IntRange(min = 0, max = 12) int moreExperts,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll @IntRange(min = 0, max = 1000) int seed) {
    SlotLayout layout = new SlotLayout(nodes, gpusPerNode, slotsPerGpu);
    int experts = Math.min(layout.slots(), nodes * slotsPerGpu + moreExperts);
    LayerContext context = context(layout, experts, layer);
    int[] start = start(context, seed);

    FlowPacker packer = new FlowPacker(context, start);
    double before = packer.energy();
    assertThat(before).isCloseTo(plain(context, start), within(1e-4));
    int[] packed = packer.run(new Annealing(STAGE, 2_000, seed));
    double after = new FlowPacker(context, packed).energy();
    assertThat(after).isLessThanOrEqualTo(before + 1e-9);
    assertThat(after).isCloseTo(plain(context, packed), within(1e-4));
    assertThat(FlowLoads.imbalance(context.loads(), layout, start)).isCloseTo(before, within(1e-3));
    assertThat(FlowLoads.imbalance(context.loads(), layout, packed)).isCloseTo(after, within(1e-3));
    assertSameExperts(layout, start, packed);
    assertThat(new FlowPacker(context, start).run(new Annealing(STAGE, 2_000, seed)))
        .isEqualTo(packed);
  }

  /** Two GPUs share the heavy expert's 6 tokens with the 1 and 3 that each has alone. */
  @Test
  void splitsAsByHand() {
    SlotLayout layout = new SlotLayout(1, 2, 2);
    short[] ids = {0, 0, 0, 0, 0, 0, 1, 2, 2, 2};
    LayerTokens tokens = new LayerTokens(3, 1, ids, new byte[10]);
    LayerProblem problem =
        new LayerProblem(layout, tokens, 10, CopyRule.LP, Transport.NODE_DEDUPLICATED);
    LayerContext context = LayerContext.of(problem, settings(), CopyLimits.oneNode(3, layout));
    assertThat(new FlowPacker(context, new int[] {0, 1, 0, 2}).energy()).isCloseTo(1, within(1e-6));
    // Only one GPU has the heavy expert here: 6 and 1 against the mean of 5.
    assertThat(new FlowPacker(context, new int[] {0, 1, 2, 1}).energy())
        .isCloseTo(6 / 5.0, within(1e-6));
  }

  @Test
  void fitsNodesOfAFewEqualGpus() {
    assertThat(FlowPacker.fits(new SlotLayout(4, 8, 3))).isTrue();
    assertThat(FlowPacker.fits(new SlotLayout(4, 1, 3))).isFalse();
    assertThat(FlowPacker.fits(new SlotLayout(4, 9, 3))).isFalse();
    assertThat(FlowPacker.fits(new SlotLayout(2, 2, 3).on(Topologies.slow(4, g -> g == 1))))
        .isFalse();
  }

  @Test
  void refusesCopiesInSeveralNodes() {
    SlotLayout layout = new SlotLayout(2, 2, 4);
    LayerContext context =
        LayerContext.of(problem(layout, 12, 0), settings(), CopyLimits.anywhere(12));
    assertThatThrownBy(() -> new FlowPacker(context, new int[16]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Copies of an expert must be in one node");
  }

  private static LayerContext context(SlotLayout layout, int experts, int layer) {
    return LayerContext.of(
        problem(layout, experts, layer), settings(), CopyLimits.oneNode(experts, layout));
  }

  private static LayerProblem problem(SlotLayout layout, int experts, int layer) {
    return new LayerProblem(
        layout,
        SampleTokens.folded(layer, experts, Math.min(4, experts), layout.nodes(), TOKENS),
        MICRO_BATCH,
        CopyRule.LP,
        Transport.NODE_DEDUPLICATED);
  }

  private static SolverSettings settings() {
    return new SolverSettings(new SearchBudget(TOKENS, 0, 0, 0, 0, 0), ObjectiveWeights.DEFAULT, 1);
  }

  private static int[] start(LayerContext context, int seed) {
    int[][] expertsOfNode =
        new NodeDivision(context.problem(), context.limits())
            .run(NodeObjective.of(context.limits()), 1_000, seed);
    return new GpuPacker(context.problem().layout(), context.loads(), expertsOfNode)
        .run(new Annealing(STAGE, 0, seed));
  }

  private static void assertSameExperts(SlotLayout layout, int[] start, int[] packed) {
    for (int n = 0; n < layout.nodes(); n++) {
      int from = n * layout.slotsPerNode();
      int to = from + layout.slotsPerNode();
      assertThat(Arrays.stream(packed, from, to).distinct().sorted().toArray())
          .isEqualTo(Arrays.stream(start, from, to).distinct().sorted().toArray());
    }
    int per = layout.slotsPerGpu();
    for (int p = 0; p < packed.length; p += per) {
      assertThat(Arrays.copyOfRange(packed, p, p + per)).doesNotHaveDuplicates();
    }
  }

  /** Mean over micro-batches of the busiest GPU over the mean one, by bisection with flows. */
  private static double plain(LayerContext context, int[] slots) {
    LayerTokens tokens = context.problem().tokens();
    SlotLayout layout = context.problem().layout();
    double sum = 0;
    int batches = TOKENS / MICRO_BATCH;
    for (int b = 0; b < batches; b++) {
      double[] load = new double[tokens.experts()];
      for (int i = 0; i < MICRO_BATCH * tokens.topK(); i++) {
        load[tokens.ids()[b * MICRO_BATCH * tokens.topK() + i]]++;
      }
      double most = 0;
      for (int n = 0; n < layout.nodes(); n++) {
        most = Math.max(most, leastLoad(load, holders(layout, slots, n, load.length)));
      }
      sum += most * layout.gpus() / (MICRO_BATCH * tokens.topK());
    }
    return sum / batches;
  }

  /** Shape [experts][gpusPerNode]: whether a GPU of the node has a copy. */
  private static boolean[][] holders(SlotLayout layout, int[] slots, int node, int experts) {
    boolean[][] holds = new boolean[experts][layout.gpusPerNode()];
    for (int p = 0; p < slots.length; p++) {
      if (layout.nodeOfSlot(p) == node) {
        holds[slots[p]][layout.gpuOfSlot(p) % layout.gpusPerNode()] = true;
      }
    }
    return holds;
  }

  private static double leastLoad(double[] load, boolean[][] holds) {
    double low = 0;
    double high = Arrays.stream(load).sum() + 1;
    for (int i = 0; i < 40; i++) {
      double middle = (low + high) / 2;
      if (fits(load, holds, middle)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return high;
  }

  /** Whether all tokens of the node's experts find a GPU if each takes no more than this. */
  private static boolean fits(double[] load, boolean[][] holds, double most) {
    int gpus = holds[0].length;
    double[][] given = new double[load.length][gpus];
    double[] free = new double[gpus];
    Arrays.fill(free, most);
    for (int e = 0; e < load.length; e++) {
      double left = anyOf(holds[e]) ? load[e] : 0;
      while (left > 1e-9) {
        double pushed = push(e, left, holds, given, free, new boolean[gpus]);
        if (pushed <= 1e-9) {
          return false;
        }
        left -= pushed;
      }
    }
    return true;
  }

  private static boolean anyOf(boolean[] holds) {
    for (boolean held : holds) {
      if (held) {
        return true;
      }
    }
    return false;
  }

  /** An augmenting path: on a full GPU another expert's tokens move on to one of its others. */
  private static double push(
      int expert, double most, boolean[][] holds, double[][] given, double[] free, boolean[] seen) {
    for (int g = 0; g < free.length; g++) {
      if (!holds[expert][g] || seen[g]) {
        continue;
      }
      seen[g] = true;
      double pushed = Math.min(most, free[g]);
      if (pushed > 1e-9) {
        free[g] -= pushed;
        given[expert][g] += pushed;
        return pushed;
      }
      for (int other = 0; other < given.length; other++) {
        double movable = Math.min(most, given[other][g]);
        if (other != expert && movable > 1e-9) {
          double moved = push(other, movable, holds, given, free, seen);
          if (moved > 1e-9) {
            given[other][g] -= moved;
            given[expert][g] += moved;
            return moved;
          }
        }
      }
    }
    return 0;
  }
}
