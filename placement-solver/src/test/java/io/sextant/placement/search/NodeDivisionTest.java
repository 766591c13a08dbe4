package io.sextant.placement.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.problem.CopyLimits;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.TokenIndex;
import java.util.Arrays;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class NodeDivisionTest {
  private static final NodeObjective OBJECTIVE = new NodeObjective(2, 2);

  @Property(tries = 40)
  void givesEveryNodeItsSlots(
      @ForAll @IntRange(min = 1, max = 8) int nodes,
      @ForAll @IntRange(min = 1, max = 4) int gpusPerNode,
      @ForAll @IntRange(min = 2, max = 40) int experts,
      @ForAll @IntRange(min = 0, max = 6) int moreSlotsPerGpu,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll @IntRange(min = 0, max = 1000) int seed) {
    int gpus = nodes * gpusPerNode;
    int slotsPerGpu = (experts + gpus - 1) / gpus + moreSlotsPerGpu;
    Assume.that(slotsPerGpu <= experts);
    SlotLayout layout = new SlotLayout(nodes, gpusPerNode, slotsPerGpu);
    LayerTokens tokens = SampleTokens.folded(layer, experts, Math.min(8, experts), nodes, 500);
    LayerProblem problem = new LayerProblem(layout, tokens, 100);
    NodeDivision division =
        new NodeDivision(
            problem,
            CopyLimits.anywhere(problem.tokens().experts()),
            new TokenIndex(problem.tokens()));
    int[][] started = division.run(OBJECTIVE, 0, seed);
    int[][] annealed = division.run(OBJECTIVE, 3_000, seed);
    assertDivision(started, layout, experts);
    assertDivision(annealed, layout, experts);
    assertThat(
            new NodeDivision(
                    problem,
                    CopyLimits.anywhere(problem.tokens().experts()),
                    new TokenIndex(problem.tokens()))
                .run(OBJECTIVE, 3_000, seed))
        .isDeepEqualTo(annealed);
    if (division.hasCopies()) {
      int[][] spread = division.spread(annealed, OBJECTIVE, 2_000, seed);
      assertDivision(spread, layout, experts);
      assertThat(objective(spread, tokens, nodes))
          .isLessThanOrEqualTo(objective(annealed, tokens, nodes) + 1e-9);
      assertThat(
              new NodeDivision(
                      problem,
                      CopyLimits.anywhere(problem.tokens().experts()),
                      new TokenIndex(problem.tokens()))
                  .spread(annealed, OBJECTIVE, 2_000, seed))
          .isDeepEqualTo(spread);
    }
  }

  private static void assertDivision(int[][] division, SlotLayout layout, int experts) {
    assertThat(division).hasDimensions(layout.nodes(), layout.slotsPerNode());
    boolean[] placed = new boolean[experts];
    for (int[] held : division) {
      int[] copies = new int[experts];
      for (int e : held) {
        placed[e] = true;
        copies[e]++;
      }
      assertThat(Arrays.stream(copies).max().orElseThrow())
          .isLessThanOrEqualTo(layout.gpusPerNode());
    }
    assertThat(placed).doesNotContain(false);
  }

  /** What the annealers minimise, of the nodes' sets: second copies on a node change nothing. */
  private static double objective(int[][] division, LayerTokens tokens, int nodes) {
    long[] masks = new long[tokens.experts()];
    for (int n = 0; n < nodes; n++) {
      for (int e : division[n]) {
        masks[e] |= 1L << n;
      }
    }
    CopyPartition partition =
        new CopyPartition(
            tokens, new TokenIndex(tokens), new SlotLayout(nodes, 1, tokens.experts()), masks);
    double[] load = new double[nodes];
    for (int i = 0; i < tokens.ids().length; i++) {
      long mask = masks[tokens.ids()[i]];
      int source = tokens.sourceNode()[i / tokens.topK()];
      for (int n = 0; n < nodes; n++) {
        if ((mask >> source & 1) != 0) {
          load[n] += n == source ? 1 : 0;
        } else if ((mask >> n & 1) != 0) {
          load[n] += 1.0 / Long.bitCount(mask);
        }
      }
    }
    double remote = partition.remoteNodes();
    double sum = remote / tokens.tokens();
    for (int n = 0; n < nodes; n++) {
      sum += OBJECTIVE.loadPenalty(load[n] * nodes / tokens.ids().length - 1);
      sum += remote == 0 ? 0 : OBJECTIVE.receivePenalty(nodes * partition.received(n) / remote - 1);
    }
    return sum;
  }
}
