package io.sextant.placement.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.Evaluations;
import io.sextant.placement.SampleTokens;
import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.cost.CostModel;
import io.sextant.placement.evaluate.LayerEvaluator;
import io.sextant.placement.objective.GpuLoads;
import io.sextant.placement.objective.MicroBatchLoads;
import io.sextant.placement.objective.ObjectiveWeights;
import io.sextant.placement.problem.BalanceUnit;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SearchBudget;
import io.sextant.placement.search.SolverSettings;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Load as activated experts: what a decode step waits for (METRO). */
class DecodeBalanceTest {
  private static final int STEP = 16;

  /** With one copy of each expert nothing is estimated. */
  @Property(tries = 30)
  void oneCopyEachIsCountedAsTheEvaluatorCounts(
      @ForAll @IntRange(min = 1, max = 6) int nodes,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll @IntRange(min = 8, max = 48) int experts,
      @ForAll @IntRange(min = 1, max = 4) int topK) {
    int slotsPerGpu = (experts + 2 * nodes - 1) / (2 * nodes);
    int all = slotsPerGpu * 2 * nodes;
    SlotLayout layout = new SlotLayout(nodes, 2, slotsPerGpu);
    // Experts beyond the layer's own get no token.
    LayerTokens folded = SampleTokens.folded(layer, experts, topK, nodes, 10 * STEP);
    LayerTokens tokens = new LayerTokens(all, topK, folded.ids(), folded.sourceNode());
    int[] slots = IntStream.range(0, all).map(p -> all - 1 - p).toArray();
    MicroBatchLoads loads = MicroBatchLoads.of(tokens, nodes, STEP, BalanceUnit.ACTIVATED_EXPERTS);
    double sum = 0;
    for (int b = 0; b < 10; b++) {
      int distinct = 0;
      int[] onGpu = new int[layout.gpus()];
      boolean[] seen = new boolean[all];
      for (int i = b * STEP * topK; i < (b + 1) * STEP * topK; i++) {
        int e = tokens.ids()[i];
        if (!seen[e]) {
          seen[e] = true;
          distinct++;
          for (int p = 0; p < all; p++) {
            onGpu[layout.gpuOfSlot(p)] += slots[p] == e ? 1 : 0;
          }
        }
      }
      int most = 0;
      for (int n : onGpu) {
        most = Math.max(most, n);
      }
      sum += most * (double) layout.gpus() / distinct;
    }
    assertThat(new GpuLoads(layout, loads, slots).imbalance()).isCloseTo(sum / 10, within(1e-5));
  }

  /** Planned for activated experts, a decode step's busiest GPU reads fewer of them. */
  @Test
  void busiestGpuActivatesFewerExperts() {
    SlotLayout layout = SlotLayout.of(4, 8, 160);
    LayerTokens window = SampleTokens.layer(1, 4, 4, 5, 6, 7);
    LayerTokens later = SampleTokens.layer(1, 4, 8);
    LayerProblem problem = new LayerProblem(layout, window, STEP);
    SolverSettings settings =
        new SolverSettings(
            new SearchBudget(15_000, 100_000, 5_000, 20_000, 40_000, 0),
            new ObjectiveWeights(2, 1),
            1);
    int[] byExperts = LayerSolver.solve(problem, settings.balancing(BalanceUnit.ACTIVATED_EXPERTS));
    int[] byTokens = LayerSolver.solve(new LayerProblem(layout, window, 8192), settings);
    int[] eplb = EplbPlacement.global(SampleTokens.load(window), layout);
    double ours = activated(layout, byExperts, later);
    assertThat(ours).isLessThan(activated(layout, byTokens, later));
    assertThat(ours).isLessThan(activated(layout, eplb, later));
  }

  private static double activated(SlotLayout layout, int[] slots, LayerTokens tokens) {
    LayerEvaluator evaluator =
        Evaluations.evaluator(layout, slots, 128, new CostModel(0, 0, 0), 8192, STEP);
    int k = tokens.topK();
    for (int t = 0; t < tokens.tokens(); t++) {
      short[] row = Arrays.copyOfRange(tokens.ids(), t * k, (t + 1) * k);
      evaluator.add(row, k, 0, 1, tokens.sourceNode()[t] * layout.gpusPerNode());
    }
    return evaluator.tally().metrics().activatedExpertsPerGpu();
  }
}
