package io.sextant.placement.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SlotBudgetTest {

  @Property(tries = 100)
  void nothingElseWithinTheTotalIsBetter(
      @ForAll @IntRange(min = 1, max = 5) int layers,
      @ForAll @IntRange(min = 1, max = 4) int choices,
      @ForAll @IntRange(min = 0, max = 12) int more,
      @ForAll Random random) {
    int[] sizes = new int[choices];
    for (int c = 0; c < choices; c++) {
      sizes[c] = 4 + 2 * c;
    }
    double[][] objective = new double[layers][choices];
    for (double[] layer : objective) {
      for (int c = 0; c < choices; c++) {
        layer[c] = random.nextInt(100);
      }
    }
    int total = 4 * layers + more;
    int[] chosen = SlotBudget.choose(sizes, objective, total);
    double best = Double.POSITIVE_INFINITY;
    for (int code = 0; code < Math.pow(choices, layers); code++) {
      int used = 0;
      double sum = 0;
      for (int l = 0, rest = code; l < layers; l++, rest /= choices) {
        used += sizes[rest % choices];
        sum += objective[l][rest % choices];
      }
      best = used <= total ? Math.min(best, sum) : best;
    }
    int used = 0;
    double sum = 0;
    for (int l = 0; l < layers; l++) {
      used += sizes[chosen[l]];
      sum += objective[l][chosen[l]];
    }
    assertThat(used).isLessThanOrEqualTo(total);
    assertThat(sum).isEqualTo(best);
  }

  @Test
  void refusesATotalThatIsTooSmall() {
    assertThatThrownBy(() -> SlotBudget.choose(new int[] {4}, new double[2][1], 7))
        .hasMessage("7 slots are too few for 2 layers");
  }
}
