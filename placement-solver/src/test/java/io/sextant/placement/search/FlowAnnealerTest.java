package io.sextant.placement.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.anneal.AnnealingStage;
import io.sextant.placement.objective.FlowObjective;
import io.sextant.placement.objective.ObjectiveWeights;
import io.sextant.placement.objective.SampleMaps;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.Transport;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FlowAnnealerTest {
  private static final AnnealingStage STAGE = new AnnealingStage(2e-3, 1e-5);
  private static final int TOKENS = 1_000;

  @Property(tries = 20)
  void endsNoWorseWithASoundMap(
      @ForAll @IntRange(min = 1, max = 4) int nodes,
      @ForAll @IntRange(min = 1, max = 3) int gpusPerNode,
      @ForAll @IntRange(min = 2, max = 5) int slotsPerGpu,
      @ForAll @IntRange(min = 0, max = 1000) int seed) {
    SlotLayout layout = new SlotLayout(nodes, gpusPerNode, slotsPerGpu);
    int experts = Math.max(slotsPerGpu, layout.slots() * 2 / 3);
    LayerContext context =
        context(layout, SampleTokens.folded(0, experts, Math.min(4, experts), nodes, TOKENS));
    int[] start = SampleMaps.random(layout, experts, new SplittableRandom(seed));

    int[] found = new FlowAnnealer(context, start).run(new Annealing(STAGE, 300, seed));

    assertThat(Arrays.stream(found).distinct().sorted().toArray())
        .isEqualTo(IntStream.range(0, experts).toArray());
    for (int p = 0; p < found.length; p += slotsPerGpu) {
      assertThat(Arrays.copyOfRange(found, p, p + slotsPerGpu)).doesNotHaveDuplicates();
    }
    // Splits are final to half a row, so a map may be scored a little differently than on the way.
    assertThat(objective(context).of(found)).isLessThan(objective(context).of(start) + 0.01);
    assertThat(new FlowAnnealer(context, start).run(new Annealing(STAGE, 300, seed)))
        .isEqualTo(found);
  }

  /** One expert has most of the tokens, and only a copy in the other node can relieve its GPU. */
  @Test
  void givesTheHeavyExpertACopyInTheOtherNode() {
    SlotLayout layout = new SlotLayout(2, 1, 2);
    short[] ids = new short[TOKENS];
    Arrays.fill(ids, 0, 100, (short) 1);
    Arrays.fill(ids, 100, 200, (short) 2);
    LayerContext context = context(layout, new LayerTokens(3, 1, ids, new byte[TOKENS]));
    int[] found =
        new FlowAnnealer(context, new int[] {0, 1, 1, 2}).run(new Annealing(STAGE, 200, 1));
    assertThat(Arrays.stream(found).filter(e -> e == 0).count()).isEqualTo(2);
  }

  private static FlowObjective objective(LayerContext context) {
    return new FlowObjective(context.problem(), context.loads(), context.weights());
  }

  private static LayerContext context(SlotLayout layout, LayerTokens tokens) {
    return LayerContext.of(
        new LayerProblem(layout, tokens, 500, CopyRule.LP, Transport.NODE_DEDUPLICATED),
        new SolverSettings(new SearchBudget(TOKENS, 0, 0, 0, 0, 0), new ObjectiveWeights(2, 1), 1));
  }
}
