package io.sextant.placement.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.objective.ObjectiveWeights;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SearchBudget;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerSolver;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.Transport;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LayerOptionsTest {
  private static final int EXPERTS = 16;
  private static final SlotLayout LAYOUT = new SlotLayout(2, 4, 4);
  private static final SolverSettings QUICK =
      new SolverSettings(
          new SearchBudget(400, 3_000, 1_000, 900, 1_500, 60), ObjectiveWeights.DEFAULT, 5);

  /** A map in force may come from EPLB, which puts copies of a hot expert on one GPU. */
  @ParameterizedTest
  @EnumSource(CopyRule.class)
  void noGpuGetsMoreCopiesOfAnExpertThanItHad(CopyRule rule) {
    LayerProblem problem =
        new LayerProblem(
            LAYOUT,
            SampleTokens.onGpus(
                SampleTokens.folded(1, EXPERTS, 4, LAYOUT.nodes(), 600), LAYOUT.gpusPerNode()),
            120,
            rule,
            Transport.NODE_DEDUPLICATED);
    int[] replan = LayerSolver.solve(problem, QUICK);
    for (int seed = 0; seed < 12; seed++) {
      int[] current = withCopiesOnOneGpu(new Random(seed));
      assertThat(Maps.shares(LAYOUT, current)).isTrue();
      List<LayerOption> options =
          LayerOptions.of(problem, QUICK, current, replan, 5, LayerSolver::solve);
      for (LayerOption option : options) {
        int[][] before = copies(current);
        int[][] after = copies(option.slots());
        for (int gpu = 0; gpu < LAYOUT.gpus(); gpu++) {
          for (int e = 0; e < EXPERTS; e++) {
            assertThat(after[gpu][e])
                .as("seed %d: copies of expert %d on GPU %d", seed, e, gpu)
                .isLessThanOrEqualTo(Math.max(1, before[gpu][e]));
          }
        }
      }
    }
  }

  /** Every expert once, the other slots at random, all slots shuffled. */
  private static int[] withCopiesOnOneGpu(Random random) {
    int[] slots = new int[LAYOUT.slots()];
    for (int p = 0; p < slots.length; p++) {
      slots[p] = p < EXPERTS ? p : random.nextInt(EXPERTS / 4);
    }
    for (int p = slots.length - 1; p > 0; p--) {
      int q = random.nextInt(p + 1);
      int expert = slots[p];
      slots[p] = slots[q];
      slots[q] = expert;
    }
    return slots;
  }

  private static int[][] copies(int[] slots) {
    int[][] copies = new int[LAYOUT.gpus()][EXPERTS];
    for (int p = 0; p < slots.length; p++) {
      copies[LAYOUT.gpuOfSlot(p)][slots[p]]++;
    }
    return copies;
  }
}
