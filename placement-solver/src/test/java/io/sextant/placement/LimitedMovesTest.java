package io.sextant.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.placement.baseline.LinearPlacement;
import io.sextant.placement.migration.MovedSlots;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class LimitedMovesTest {
  private static final SolverSettings SETTINGS =
      new SolverSettings(1, 1_000, 1, 1, 1, 1, 0, ObjectiveWeights.DEFAULT, 5);

  @Property(tries = 12)
  void betterWithinTheLimitAndSound(
      @ForAll @IntRange(min = 1, max = 4) int nodes,
      @ForAll @IntRange(min = 2, max = 4) int gpusPerNode,
      @ForAll @IntRange(min = 0, max = 2) int moreSlots,
      @ForAll @IntRange(min = 0, max = 8) int mostMoved,
      @ForAll @IntRange(min = 0, max = 5) int layer) {
    int gpus = nodes * gpusPerNode;
    SlotLayout layout = new SlotLayout(nodes, gpusPerNode, (24 + gpus - 1) / gpus + moreSlots);
    LayerTokens tokens = SampleTokens.folded(layer, 24, 4, nodes, 1_000);
    LayerProblem problem = new LayerProblem(layout, tokens, 250);
    int[] current = LinearPlacement.place(24, layout.slots());
    int[] moved = LimitedMoves.solve(problem, SETTINGS, current, mostMoved);
    assertThat(MovedSlots.count(layout, current, moved)).isLessThanOrEqualTo(mostMoved);
    LayerObjective objective = new LayerObjective(problem, SETTINGS);
    assertThat(objective.state(moved).broken()).isZero();
    if (Arrays.equals(moved, current)) {
      assertThat(mostMoved).isLessThan(3);
    } else {
      assertThat(objective.of(moved)).isLessThan(objective.of(current));
    }
    assertThat(LimitedMoves.solve(problem, SETTINGS, current, mostMoved)).isEqualTo(moved);
  }
}
