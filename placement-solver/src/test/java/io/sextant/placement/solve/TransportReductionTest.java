package io.sextant.placement.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.Topologies;
import io.sextant.placement.anneal.AnnealingStage;
import io.sextant.placement.objective.ObjectiveWeights;
import io.sextant.placement.objective.SlotState;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SearchBudget;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.view.CopyCounts;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.Transport;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransportReductionTest {
  private static final ObjectiveWeights TRAFFIC_ALONE = new ObjectiveWeights(0, 0);
  private static final SolverSettings SETTINGS =
      new SolverSettings(
          new SearchBudget(1_000_000, 4_000, 2_000, 500, 4_000, 100), TRAFFIC_ALONE, 3);

  @Property(tries = 30)
  void remoteNodesOfChoicesAreTheSendsPerChoice(
      @ForAll @IntRange(min = 2, max = 6) int nodes,
      @ForAll @IntRange(min = 1, max = 4) int slotsPerGpu,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll Random random) {
    SlotLayout layout = new SlotLayout(nodes, 2, slotsPerGpu);
    int experts = Math.max(slotsPerGpu, layout.slots() / 2);
    LayerProblem problem = nearest(layout, experts, 4, layer);
    int[] map =
        IntStream.range(0, layout.slots())
            .map(p -> p < experts ? p : random.nextInt(experts))
            .toArray();
    RuledLayer ruled =
        RuledLayer.of(TransportReduction.of(problem), SETTINGS, CopyCounts.of(map, experts));
    SlotState state = ruled.context().state(map);
    assertThat(state.remoteNodesPerToken())
        .isCloseTo(sends(problem, map) / (double) problem.tokens().ids().length, within(1e-12));
  }

  /** Of all maps of a small layer none sends less. */
  @Property(tries = 12)
  void nearestWithASendPerChoiceSendsAsLittleAsAnyMap(
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll @IntRange(min = 4, max = 5) int experts) {
    SlotLayout layout = new SlotLayout(2, 1, 3);
    LayerProblem problem = nearest(layout, experts, 2, layer);
    int[] solved = LayerSolver.solve(problem, SETTINGS);
    assertThat(sends(problem, solved))
        .isEqualTo(leastSends(problem, new int[layout.slots()], 0, Integer.MAX_VALUE));
  }

  private static int leastSends(LayerProblem problem, int[] map, int slot, int least) {
    int experts = problem.tokens().experts();
    if (slot == map.length) {
      boolean all = IntStream.of(map).distinct().count() == experts;
      return all ? Math.min(least, sends(problem, map)) : least;
    }
    int best = least;
    for (int e = 0; e < experts; e++) {
      map[slot] = e;
      best = leastSends(problem, map, slot + 1, best);
    }
    return best;
  }

  /** Choices whose expert has no copy in the token's own node. */
  private static int sends(LayerProblem problem, int[] map) {
    LayerTokens tokens = problem.tokens();
    boolean[][] holds = new boolean[problem.layout().nodes()][tokens.experts()];
    for (int p = 0; p < map.length; p++) {
      holds[problem.layout().nodeOfSlot(p)][map[p]] = true;
    }
    int sends = 0;
    for (int i = 0; i < tokens.ids().length; i++) {
      sends += holds[tokens.sourceNode()[i / tokens.topK()]][tokens.ids()[i]] ? 0 : 1;
    }
    return sends;
  }

  @Test
  void choicesKeepTheirTokensSourceAndBatch() {
    LayerProblem problem = nearest(new SlotLayout(4, 2, 3), 16, 4, 0);
    LayerProblem choices = TransportReduction.of(problem);
    assertThat(choices.transport()).isEqualTo(Transport.NODE_DEDUPLICATED);
    assertThat(choices.rule()).isEqualTo(CopyRule.NEAREST);
    assertThat(choices.layout()).isEqualTo(problem.layout());
    assertThat(choices.microBatchTokens()).isEqualTo(4 * problem.microBatchTokens());
    assertThat(choices.tokens().topK()).isEqualTo(1);
    assertThat(choices.tokens().ids()).isEqualTo(problem.tokens().ids());
    for (int i = 0; i < choices.tokens().tokens(); i++) {
      assertThat(choices.tokens().sourceGpu(i, 2)).isEqualTo(problem.tokens().sourceGpu(i / 4, 2));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"GPU_DEDUPLICATED", "ALL_GATHER"})
  void trafficThatNoMapChangesLeavesOneDomain(Transport transport) {
    SlotLayout layout = new SlotLayout(4, 2, 3).on(Topologies.slow(8, g -> g == 5));
    for (CopyRule rule : CopyRule.values()) {
      assertOneDomain(problem(layout, 16, 4, 0, rule, transport));
    }
  }

  /** Sends per choice hardly depend on the map if copies near the source are not preferred. */
  @ParameterizedTest
  @EnumSource(CopyRule.class)
  void sendsPerChoiceLeaveOneDomainUnlessCopiesNearTheSourceArePreferred(CopyRule rule) {
    SlotLayout layout = new SlotLayout(4, 2, 3).on(Topologies.slow(8, g -> g == 5));
    LayerProblem problem = problem(layout, 16, 4, 0, rule, Transport.PER_EXPERT);
    if (rule.prefersNear()) {
      assertThat(TransportReduction.of(problem).layout()).isEqualTo(layout);
    } else {
      assertOneDomain(problem);
    }
  }

  private static void assertOneDomain(LayerProblem problem) {
    LayerProblem served = TransportReduction.of(problem);
    SlotLayout was = problem.layout();
    assertThat(served.layout().nodes()).isEqualTo(1);
    assertThat(served.layout().gpusPerNode()).isEqualTo(was.gpus());
    assertThat(served.layout().slotsPerGpu()).isEqualTo(was.slotsPerGpu());
    assertThat(served.layout().topology().gpuSpeed()).isEqualTo(was.topology().gpuSpeed());
    assertThat(served.tokens().ids()).isEqualTo(problem.tokens().ids());
    assertThat(served.tokens().sourceNode()).containsOnly(0);
    assertThat(served.microBatchTokens()).isEqualTo(problem.microBatchTokens());
    assertThat(served.rule()).isEqualTo(problem.rule());
  }

  @ParameterizedTest
  @EnumSource(CopyRule.class)
  void aTokenSentOnceToANodeIsLeftAsItIs(CopyRule rule) {
    LayerProblem problem =
        problem(new SlotLayout(4, 2, 3), 16, 4, 0, rule, Transport.NODE_DEDUPLICATED);
    assertThat(TransportReduction.of(problem)).isSameAs(problem);
    assertThat(TransportReduction.priced(SETTINGS, problem)).isSameAs(SETTINGS);
  }

  /** A token of top-4 is four choices, each worth a quarter. */
  @Test
  void choicesShareThePriceOfTheirToken() {
    LayerProblem problem = nearest(new SlotLayout(4, 2, 3), 16, 4, 0);
    SolverSettings priced = TransportReduction.priced(SETTINGS.withGpuLoadWeight(2), problem);
    assertThat(priced.weights().gpuLoad()).isEqualTo(0.5);
  }

  /** Traffic per choice is a part of the traffic per token, and so are the temperatures. */
  @Test
  void anAnnealingOfChoicesIsAsMuchCooler() {
    LayerProblem problem = nearest(SlotLayout.of(2, 2, 16), 12, 4, 0);
    AnnealingStage stage = new AnnealingStage(4e-3, 4e-4);
    assertThat(TransportReduction.stage(stage, problem)).isEqualTo(new AnnealingStage(1e-3, 1e-4));
    assertThat(TransportReduction.stage(stage, problem.under(CopyRule.LP))).isEqualTo(stage);
  }

  private static LayerProblem nearest(SlotLayout layout, int experts, int topK, int layer) {
    return problem(layout, experts, topK, layer, CopyRule.NEAREST, Transport.PER_EXPERT);
  }

  private static LayerProblem problem(
      SlotLayout layout, int experts, int topK, int layer, CopyRule rule, Transport transport) {
    int k = Math.min(topK, experts);
    LayerTokens tokens = SampleTokens.folded(layer, experts, k, layout.nodes(), 400);
    return new LayerProblem(
        layout, SampleTokens.onGpus(tokens, layout.gpusPerNode()), 100, rule, transport);
  }
}
