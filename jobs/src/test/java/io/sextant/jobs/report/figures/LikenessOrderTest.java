package io.sextant.jobs.report.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LikenessOrderTest {

  /** Points on a line whose similarity falls with distance are ordered along the line. */
  @Test
  void followsALine() {
    double[] place = {5, 1, 4, 2, 3};
    List<List<Double>> likeness = Figures.matrix(5, 1);
    for (int a = 0; a < 5; a++) {
      for (int b = 0; b < a; b++) {
        Figures.setBoth(likeness, a, b, 1 / (1 + Math.abs(place[a] - place[b])));
      }
    }
    List<Double> along = LikenessOrder.of(likeness).stream().map(i -> place[i]).toList();
    assertThat(along.get(0) < along.get(4) ? along : reversed(along))
        .containsExactly(1.0, 2.0, 3.0, 4.0, 5.0);
  }

  @Property
  void keepsEveryName(
      @ForAll @IntRange(min = 0, max = 9) int names,
      @ForAll @Size(81) List<@DoubleRange(min = -1, max = 1) Double> figures) {
    List<List<Double>> likeness = Figures.matrix(names, 1);
    for (int a = 0; a < names; a++) {
      for (int b = 0; b < a; b++) {
        Double figure = figures.get(9 * a + b);
        Figures.setBoth(likeness, a, b, figure < -0.9 ? null : figure);
      }
    }
    assertThat(LikenessOrder.of(likeness))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, names).boxed().toList());
  }

  private static List<Double> reversed(List<Double> values) {
    List<Double> reversed = new ArrayList<>(values);
    Collections.reverse(reversed);
    return reversed;
  }
}
