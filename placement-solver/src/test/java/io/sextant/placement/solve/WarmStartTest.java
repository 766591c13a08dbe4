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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WarmStartTest {
  private static final int EXPERTS = 64;
  private static final int NODES = 4;
  private static final LayerTokens TOKENS = SampleTokens.folded(2, EXPERTS, 4, NODES, 1_000);

  private static LayerProblem problem(CopyRule rule, int slots) {
    return new LayerProblem(
        SlotLayout.of(NODES, 4, slots), TOKENS, 256, rule, Transport.NODE_DEDUPLICATED);
  }

  private static SolverSettings settings(LayerProblem problem) {
    return SolverSettings.forSeconds(0.02, problem.layout(), EXPERTS, 1)
        .forRule(problem.rule(), problem.layout(), EXPERTS);
  }

  @ParameterizedTest
  @EnumSource(CopyRule.class)
  void improvesTheMapThatIsExtendedByCopies(CopyRule rule) {
    LayerProblem few = problem(rule, EXPERTS);
    int[] map = LayerSolver.solve(few, settings(few));
    LayerProblem more = problem(rule, EXPERTS + 16);
    SolverSettings settings = settings(more);
    int[] grown = LayerSolver.grow(more, settings, map).orElseThrow();
    assertSound(grown, more.layout());
    LayerObjective objective = new LayerObjective(more, settings);
    int[] extended = GrownMap.of(more, RuledLayer.limits(more), map);
    assertThat(objective.of(grown)).isLessThan(objective.of(extended));
    assertThat(LayerSolver.grow(more, settings, map)).hasValue(grown);
  }

  @Test
  void everyGpuKeepsItsExpertsWhenAMapIsExtended() {
    LayerProblem few = problem(CopyRule.NEAREST, EXPERTS);
    int[] map = LayerSolver.solve(few, settings(few));
    LayerProblem more = problem(CopyRule.NEAREST, EXPERTS + 16);
    int[] extended = GrownMap.of(more, RuledLayer.limits(more), map);
    assertSound(extended, more.layout());
    for (int p = 0; p < map.length; p++) {
      assertThat(more.layout().holds(extended, few.layout().gpuOfSlot(p), map[p])).isTrue();
    }
  }

  /** Another copy of an expert would be the second in its node. */
  @Test
  void nothingIsAddedWhereEveryNodeHasEveryExpert() {
    LayerProblem all = problem(CopyRule.IDEAL, NODES * EXPERTS);
    int[] map = LayerSolver.solve(all, settings(all));
    LayerProblem more = problem(CopyRule.IDEAL, NODES * EXPERTS + 16);
    assertThat(LayerSolver.grow(more, settings(more), map)).isEmpty();
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
