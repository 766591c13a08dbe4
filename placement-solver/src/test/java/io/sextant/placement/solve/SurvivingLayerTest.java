package io.sextant.placement.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.LostUnit;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.Transport;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SurvivingLayerTest {
  private static final int EXPERTS = 32;
  private static final LayerTokens TOKENS = SampleTokens.folded(2, EXPERTS, 4, 4, 1_500);

  private static LayerProblem problem(CopyRule rule, Transport transport, int slots) {
    return new LayerProblem(SlotLayout.of(4, 2, slots), TOKENS, 128, rule, transport);
  }

  private static SolverSettings settings(LayerProblem problem, LostUnit unit) {
    return SolverSettings.forSeconds(0.05, problem.layout(), EXPERTS, 1)
        .forRule(problem.rule(), problem.layout(), EXPERTS)
        .surviving(unit);
  }

  @ParameterizedTest
  @CsvSource({
    "NEAREST, NODE_DEDUPLICATED, 64",
    "NEAREST, NODE_DEDUPLICATED, 80",
    "NEAREST, PER_EXPERT, 64",
    "TOKEN_HASH, NODE_DEDUPLICATED, 64",
    "TOKEN_HASH, NODE_DEDUPLICATED, 72",
    "RANK, GPU_DEDUPLICATED, 64",
    "RANDOM, NODE_DEDUPLICATED, 64",
    "ROUND_ROBIN, ALL_GATHER, 80",
    "LP, NODE_DEDUPLICATED, 64",
    "IDEAL, NODE_DEDUPLICATED, 88"
  })
  void noExpertIsLostWithAnyUnit(CopyRule rule, Transport transport, int slots) {
    LayerProblem problem = problem(rule, transport, slots);
    for (LostUnit unit : new LostUnit[] {LostUnit.GPU, LostUnit.NODE}) {
      int[] map = LayerSolver.solve(problem, settings(problem, unit));
      SlotLayout layout = problem.layout();
      int perUnit = unit == LostUnit.GPU ? layout.slotsPerGpu() : layout.slotsPerNode();
      for (int lost = 0; lost < slots / perUnit; lost++) {
        boolean[] held = new boolean[EXPERTS];
        for (int p = 0; p < slots; p++) {
          held[map[p]] |= p / perUnit != lost;
        }
        assertThat(held).as("without %s %d", unit, lost).doesNotContain(false);
      }
      for (int gpu = 0; gpu < layout.gpus(); gpu++) {
        int from = gpu * layout.slotsPerGpu();
        assertThat(Arrays.stream(map, from, from + layout.slotsPerGpu()).distinct().count())
            .isEqualTo(layout.slotsPerGpu());
      }
    }
  }

  @Test
  void withoutTheLimitTheMapIsThatOfTheSearchAlone() {
    LayerProblem problem = problem(CopyRule.NEAREST, Transport.NODE_DEDUPLICATED, 40);
    int[] map = LayerSolver.solve(problem, settings(problem, LostUnit.NOTHING));
    assertThat(LayerSolver.surviving(problem, settings(problem, LostUnit.NOTHING), map))
        .isSameAs(map);
  }

  /** A map with two copies of each expert is one of those that the free search tries. */
  @Test
  void theLimitBringsNothingThatTheFreeSearchMisses() {
    LayerProblem problem = problem(CopyRule.NEAREST, Transport.NODE_DEDUPLICATED, 64);
    SolverSettings free = settings(problem, LostUnit.NOTHING);
    int[] map = LayerSolver.solve(problem, free);
    int[] surviving = LayerSolver.solve(problem, settings(problem, LostUnit.NODE));
    assertThat(objective(problem, free, map))
        .isLessThanOrEqualTo(objective(problem, free, surviving));
  }

  private static double objective(LayerProblem problem, SolverSettings settings, int[] map) {
    return LayerSolver.layer(problem, settings, map).objective(map);
  }

  @Test
  void tooFewSlotsAreRefused() {
    LayerProblem problem = problem(CopyRule.NEAREST, Transport.NODE_DEDUPLICATED, 40);
    assertThatThrownBy(() -> LayerSolver.solve(problem, settings(problem, LostUnit.GPU)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("40 slots are too few for copies of 32 experts in two units");
  }
}
