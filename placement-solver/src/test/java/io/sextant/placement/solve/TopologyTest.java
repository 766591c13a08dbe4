package io.sextant.placement.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.Evaluations;
import io.sextant.placement.SampleTokens;
import io.sextant.placement.Topologies;
import io.sextant.placement.objective.GpuLoads;
import io.sextant.placement.objective.MicroBatchLoads;
import io.sextant.placement.objective.ObjectiveWeights;
import io.sextant.placement.problem.BalanceUnit;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.Topology;
import io.sextant.placement.search.LayerContext;
import io.sextant.placement.search.SearchBudget;
import io.sextant.placement.search.SolverSettings;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans for clusters with unequal links and GPUs. */
class TopologyTest {
  private static final SolverSettings SETTINGS =
      new SolverSettings(
          new SearchBudget(15_000, 200_000, 5_000, 10_000, 20_000, 20),
          ObjectiveWeights.DEFAULT,
          1);

  /**
   * Two racks of four nodes; crossing costs four times as much. With copies there is less to win: a
   * token picks among those that are not on its node without regard to racks.
   */
  @ParameterizedTest
  @CsvSource({"128, 0.98", "192, 1"})
  void plansKeepTokensInTheirRack(int slots, double most) {
    SlotLayout racks = SlotLayout.of(8, 8, slots).on(Topologies.racks(8, 4, 4));
    SlotLayout even = SlotLayout.of(8, 8, slots);
    LayerTokens window = SampleTokens.layer(1, 8, 4, 5, 6, 7);
    int[] aware = LayerSolver.solve(new LayerProblem(racks, window, 2048), SETTINGS);
    int[] unaware = LayerSolver.solve(new LayerProblem(even, window, 2048), SETTINGS);
    LayerTokens later = SampleTokens.layer(1, 8, 8);
    assertThat(cost(racks, aware, later)).isLessThan(most * cost(racks, unaware, later));
  }

  /** Prices that are all the same, however high, are no prices. */
  @Test
  void equalPricesAndSpeedsChangeNoByte() {
    SlotLayout even = SlotLayout.of(4, 8, 160);
    LayerTokens window = SampleTokens.layer(2, 4, 4, 5);
    Topology alike =
        new Topology(
            Topologies.racks(4, 4, 1).linkPrice(), Topologies.slow(32, g -> true).gpuSpeed());
    int[] plan = LayerSolver.solve(new LayerProblem(even, window, 2048), SETTINGS);
    assertThat(LayerSolver.solve(new LayerProblem(even.on(alike), window, 2048), SETTINGS))
        .isEqualTo(plan);
  }

  /** GPUs of half the speed get about half the work, wherever they are. */
  @Test
  void slowGpusGetLess() {
    SlotLayout mixed = SlotLayout.of(4, 8, 256).on(Topologies.slow(32, g -> g % 8 > 5 || g < 8));
    LayerTokens window = SampleTokens.layer(3, 4, 4, 5, 6, 7);
    LayerProblem problem = new LayerProblem(mixed, window, 2048);
    int[] plan = LayerSolver.solve(problem, SETTINGS);
    double load =
        new GpuLoads(mixed, MicroBatchLoads.of(window, 4, 2048, BalanceUnit.TOKENS), plan)
            .imbalance();
    SlotLayout even = SlotLayout.of(4, 8, 256);
    int[] unaware = LayerSolver.solve(new LayerProblem(even, window, 2048), SETTINGS);
    double unawareLoad =
        new GpuLoads(mixed, MicroBatchLoads.of(window, 4, 2048, BalanceUnit.TOKENS), unaware)
            .imbalance();
    assertThat(load).isLessThan(0.85 * unawareLoad);
  }

  /** The evaluator's figure is the state's, by the price of each link. */
  @Property(tries = 20)
  void stateAgreesWithTheEvaluator(
      @ForAll @IntRange(min = 2, max = 6) int nodes,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll @IntRange(min = 1, max = 40) int across) {
    SlotLayout layout =
        new SlotLayout(
            nodes, 2, (32 + 2 * nodes - 1) / (2 * nodes), Topologies.racks(nodes, 2, across / 4.0));
    LayerTokens tokens = SampleTokens.folded(layer, 32, 4, nodes, 600);
    LayerProblem problem = new LayerProblem(layout, tokens, 128);
    int[] plan = LayerSolver.solve(problem, SETTINGS.lighter(20));
    double mean = layout.topology().units(nodes).mean();
    double dearest = nodes > 2 ? Math.max(1, across / 4.0) : 1;
    LayerContext context = LayerContext.of(problem, SETTINGS);
    assertThat(context.state(plan).remoteNodesPerToken() * mean / 512 * dearest)
        .isCloseTo(cost(layout, plan, tokens), within(0.01));
  }

  @Test
  void refusesShapesOfAnotherCluster() {
    assertThatThrownBy(
            () -> new SlotLayout(2, 2, 4, new Topology(List.of(), List.of(1.0, 1.0, 1.0))))
        .hasMessage("3 speeds are not one for each of 4 GPUs");
  }

  private static double cost(SlotLayout layout, int[] slots, LayerTokens tokens) {
    return Evaluations.of(layout, slots, tokens, 2048).metrics().trafficCostPerToken();
  }
}
