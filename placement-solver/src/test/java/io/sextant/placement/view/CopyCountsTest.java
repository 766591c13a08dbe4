package io.sextant.placement.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CopyCountsTest {

  @Property(tries = 60)
  void givesSlotsToTheHeaviestButAllExpertsTheirTurn(
      @ForAll @IntRange(min = 1, max = 8) int nodes,
      @ForAll @IntRange(min = 1, max = 6) int slotsPerGpu,
      @ForAll @IntRange(min = 8, max = 40) int experts,
      @ForAll @IntRange(min = 0, max = 5) int layer) {
    int perGpu = Math.min(experts, (experts + 2 * nodes - 1) / (2 * nodes) + slotsPerGpu - 1);
    SlotLayout layout = new SlotLayout(nodes, 2, perGpu);
    LayerTokens tokens = SampleTokens.folded(layer, experts, 4, nodes, 400);
    int[] copies = CopyCounts.byLoad(new LayerProblem(layout, tokens, 100));
    assertThat(Arrays.stream(copies).sum()).isEqualTo(layout.slots());
    int least = layout.slots() / experts;
    double[] load = SampleTokens.load(tokens);
    for (int a = 0; a < experts; a++) {
      assertThat(copies[a]).isBetween(least, least + 1);
      for (int b = 0; b < experts; b++) {
        if (copies[a] > copies[b]) {
          assertThat(load[a]).isGreaterThanOrEqualTo(load[b]);
        }
      }
    }
    assertThat(CopyCounts.atMostTwo(copies)).isEqualTo(layout.slots() <= 2 * experts);
  }

  @Test
  void countsTheCopiesOfAMap() {
    assertThat(CopyCounts.of(new int[] {2, 0, 1, 2, 2, 0}, 4)).containsExactly(2, 1, 3, 0);
    assertThat(CopyCounts.atMostTwo(new int[] {1, 2})).isTrue();
    assertThat(CopyCounts.atMostTwo(new int[] {1, 3})).isFalse();
  }
}
