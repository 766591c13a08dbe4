package io.sextant.placement.solve;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.anneal.AnnealingStage;
import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.migration.MovedSlots;
import io.sextant.placement.objective.MicroBatchLoads;
import io.sextant.placement.objective.ObjectiveWeights;
import io.sextant.placement.objective.SlotState;
import io.sextant.placement.problem.BalanceUnit;
import io.sextant.placement.problem.CopyLimits;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.TokenIndex;
import io.sextant.placement.search.LayerContext;
import io.sextant.placement.search.SearchBudget;
import io.sextant.placement.search.SlotAnnealer;
import io.sextant.placement.search.SolverSettings;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SlotAnnealerTest {

  @Property(tries = 60)
  void staysValidAndRepeats(
      @ForAll @IntRange(min = 1, max = 5) int nodes,
      @ForAll @IntRange(min = 1, max = 4) int gpusPerNode,
      @ForAll @IntRange(min = 1, max = 6) int slotsPerGpu,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll Random random) {
    SlotLayout layout = new SlotLayout(nodes, gpusPerNode, slotsPerGpu);
    int experts = slotsPerGpu + random.nextInt(layout.slots() - slotsPerGpu + 1);
    LayerTokens tokens = SampleTokens.folded(layer, experts, Math.min(8, experts), nodes, 600);
    LayerContext context = context(layout, tokens, 150);
    int[] start = DivideAndPack.best(context, withoutJoint());
    int[] slots =
        new SlotAnnealer(context, start)
            .run(new Annealing(new AnnealingStage(1e-2, 1e-4), 3_000, 3));
    assertThat(context.state(slots).broken()).isZero();
    assertThat(
            new SlotAnnealer(context, start)
                .run(new Annealing(new AnnealingStage(1e-2, 1e-4), 3_000, 3)))
        .isEqualTo(slots);
  }

  @Test
  void bringsTrafficAndLoadDownTogether() {
    SlotLayout layout = SlotLayout.of(8, 8, 192);
    LayerTokens tokens = SampleTokens.layer(0, 8, 4, 5, 6, 7);
    LayerContext context = context(layout, tokens, 2048);
    int[] start = EplbPlacement.global(SampleTokens.load(tokens), layout);
    int[] slots =
        new SlotAnnealer(context, start)
            .run(new Annealing(new AnnealingStage(3e-3, 1e-4), 200_000, 1));
    SlotState before = context.state(start);
    SlotState after = context.state(slots);
    assertThat(after.remoteNodesPerToken()).isLessThan(0.85 * before.remoteNodesPerToken());
    assertThat(after.objective()).isLessThan(before.objective() - 0.5);
  }

  @Property(tries = 20)
  void movesNoMoreThanItMay(@ForAll @IntRange(min = 0, max = 12) int mostMoved) {
    SlotLayout layout = SlotLayout.of(4, 8, 160);
    LayerTokens tokens = SampleTokens.layer(2, 4, 4, 5);
    LayerProblem problem = new LayerProblem(layout, tokens, 1024);
    int[] current = EplbPlacement.global(SampleTokens.load(tokens), layout);
    SolverSettings settings =
        new SolverSettings(
            new SearchBudget(5_000, 1, 1, 1, 20_000, 0), ObjectiveWeights.DEFAULT, 2);
    int[] slots = LayerSolver.solve(problem, settings, current, mostMoved);
    assertThat(MovedSlots.count(layout, current, slots)).isLessThanOrEqualTo(mostMoved);
    LayerContext context = context(layout, problem.thinned(5_000).tokens(), 1024);
    assertThat(context.state(slots).broken()).isZero();
    if (mostMoved > 1) {
      assertThat(new LayerObjective(problem, settings).of(slots))
          .isLessThan(new LayerObjective(problem, settings).of(current));
    }
  }

  private static SolverSettings withoutJoint() {
    return new SolverSettings(
        new SearchBudget(600, 2_000, 500, 500, 0, 0), ObjectiveWeights.DEFAULT, 4);
  }

  private static LayerContext context(SlotLayout layout, LayerTokens tokens, int microBatch) {
    return new LayerContext(
        new LayerProblem(layout, tokens, microBatch),
        new TokenIndex(tokens),
        MicroBatchLoads.of(tokens, layout.nodes(), microBatch, BalanceUnit.TOKENS),
        ObjectiveWeights.DEFAULT,
        CopyLimits.anywhere(tokens.experts()));
  }
}
