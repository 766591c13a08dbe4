package io.sextant.placement.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.objective.ObjectiveWeights;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SearchBudget;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerSolver;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationPlanTest {
  private static final SolverSettings QUICK =
      new SolverSettings(
          new SearchBudget(2_000, 20_000, 2_000, 3_000, 5_000, 0), ObjectiveWeights.DEFAULT, 5);

  private static final SlotLayout LAYOUT = new SlotLayout(4, 8, 5);
  private static final List<List<LayerOption>> LAYERS = layers(LAYOUT, 3);

  /** Plans of days 4 and 5 as the current map, new ones from days 6 and 7. */
  private static List<List<LayerOption>> layers(SlotLayout layout, int count) {
    List<List<LayerOption>> layers = new ArrayList<>();
    for (int layer = 0; layer < count; layer++) {
      int[] current =
          LayerSolver.solve(
              new LayerProblem(layout, SampleTokens.layer(layer, layout.nodes(), 4, 5), 2048),
              QUICK);
      LayerProblem today =
          new LayerProblem(layout, SampleTokens.layer(layer, layout.nodes(), 6, 7), 2048);
      int[] replan = LayerSolver.solve(today, QUICK.withSeed(6));
      layers.add(LayerOptions.of(today, QUICK, current, replan, 7, LayerSolver::solve));
    }
    return layers;
  }

  @Property(tries = 40)
  void isTheBestOfAllCombinationsThatKeepToTheLimit(
      @ForAll @IntRange(min = 0, max = 500) int limit) {
    MigrationPlan plan = MigrationPlan.within(LAYERS, limit);
    assertThat(plan.movedSlots()).isLessThanOrEqualTo(limit);
    assertThat(objective(plan)).isCloseTo(best(0, limit), within(1e-9));
    for (int l = 0; l < LAYERS.size(); l++) {
      assertThat(LAYERS.get(l)).contains(plan.options().get(l));
    }
  }

  private static double best(int layer, int limit) {
    if (layer == LAYERS.size()) {
      return 0;
    }
    double best = Double.POSITIVE_INFINITY;
    for (LayerOption option : LAYERS.get(layer)) {
      if (option.movedSlots() <= limit) {
        best = Math.min(best, option.objective() + best(layer + 1, limit - option.movedSlots()));
      }
    }
    return best;
  }

  private static double objective(MigrationPlan plan) {
    return plan.options().stream().mapToDouble(LayerOption::objective).sum();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void moreMovesAreBetterAndTheFirstOptionIsToStay(int slotsPerGpu) {
    SlotLayout layout = new SlotLayout(4, 8, slotsPerGpu);
    List<LayerOption> options = layers(layout, 1).get(0);
    assertThat(options).hasSizeGreaterThan(3);
    assertThat(options.get(0).movedSlots()).isZero();
    for (int i = 1; i < options.size(); i++) {
      assertThat(options.get(i).movedSlots()).isGreaterThan(options.get(i - 1).movedSlots());
      assertThat(options.get(i).objective()).isLessThan(options.get(i - 1).objective());
      assertThat(Maps.shares(layout, options.get(i).slots())).isFalse();
      assertThat(MovedSlots.count(layout, options.get(0).slots(), options.get(i).slots()))
          .isEqualTo(options.get(i).movedSlots());
    }
    assertThat(layers(layout, 1).get(0))
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(options);
  }
}
