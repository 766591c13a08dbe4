package io.sextant.placement.solve;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.Transport;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WarmStartTest {
  private static final int EXPERTS = 64;
  private static final int NODES = 4;
  private static final LayerTokens TOKENS = SampleTokens.folded(2, EXPERTS, 4, NODES, 3_000);

  private static LayerProblem problem(CopyRule rule, int slots) {
    return new LayerProblem(
        SlotLayout.of(NODES, 4, slots), TOKENS, 256, rule, Transport.NODE_DEDUPLICATED);
  }

  private static SolverSettings settings(LayerProblem problem) {
    return SolverSettings.forSeconds(0.1, problem.layout(), EXPERTS, 1)
        .forRule(problem.rule(), problem.layout(), EXPERTS);
  }

  @ParameterizedTest
  @EnumSource(CopyRule.class)
  void growsToAPlanNearThatOfAFullSearch(CopyRule rule) {
    LayerProblem few = problem(rule, EXPERTS);
    int[] map = LayerSolver.solve(few, settings(few));
    for (int slots = EXPERTS + 16; slots <= EXPERTS + 32; slots += 16) {
      LayerProblem more = problem(rule, slots);
      SolverSettings settings = settings(more);
      int[] grown = LayerSolver.grow(more, settings.lighter(4), map).orElseThrow();
      assertSound(grown, more.layout());
      LayerObjective objective = new LayerObjective(more, settings);
      // The widest distance of the six rules on this sample is 7 %.
      assertThat(objective.of(grown))
          .isLessThan(1.1 * objective.of(LayerSolver.solve(more, settings)));
      assertThat(LayerSolver.grow(more, settings.lighter(4), map)).hasValue(grown);
      map = grown;
    }
  }

  /** Every node has every expert already, and two copies in a node are not allowed. */
  @Test
  void nothingCanBeAddedWhereEveryNodeHasEveryExpert() {
    LayerProblem all = problem(CopyRule.IDEAL, NODES * EXPERTS);
    int[] map = LayerSolver.solve(all, settings(all));
    LayerProblem more = problem(CopyRule.IDEAL, NODES * EXPERTS + 16);
    Optional<int[]> grown = LayerSolver.grow(more, settings(more), map);
    grown.ifPresent(slots -> assertSound(slots, more.layout()));
  }

  private static void assertSound(int[] slots, SlotLayout layout) {
    assertThat(Arrays.stream(slots).distinct().count()).isEqualTo(EXPERTS);
    for (int gpu = 0; gpu < layout.gpus(); gpu++) {
      int from = gpu * layout.slotsPerGpu();
      assertThat(Arrays.stream(slots, from, from + layout.slotsPerGpu()).distinct().count())
          .isEqualTo(layout.slotsPerGpu());
    }
  }
}
