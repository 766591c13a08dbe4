package io.sextant.notebooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlotsTest {
  private static final Rows ROWS =
      new Rows(
          List.of("layer", "plan", "nodes"),
          List.of(
              List.of(1, "linear", 2.72), List.of(1, "sextant", 2.1), List.of(3, "linear", 2.7)));

  static {
    System.setProperty("java.awt.headless", "true");
  }

  @Test
  void everyKindShowsSomething() {
    assertThat(colours(Plots.bars("t", "x", "y", ROWS, "layer", "plan", "nodes"))).isGreaterThan(3);
    assertThat(colours(Plots.lines("t", "x", "y", ROWS, "layer", "plan", "nodes", false)))
        .isGreaterThan(3);
    assertThat(colours(Plots.scatter("t", "x", "y", ROWS, "layer", "plan", "nodes")))
        .isGreaterThan(3);
    assertThat(colours(Plots.heat("t", "x", "y", ROWS, "layer", "plan", "nodes"))).isGreaterThan(3);
  }

  private static long colours(BufferedImage image) {
    return Arrays.stream(
            image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
        .distinct()
        .count();
  }

  @Test
  void aPlotOfNothingIsAnError() {
    assertThatThrownBy(
            () -> Plots.bars("load", "x", "y", new Rows(List.of("a"), List.of()), "a", "a", "a"))
        .hasMessage("nothing to plot for 'load': the warehouse has no such rows");
  }

  @Test
  void rowsAreATable() {
    assertThat(ROWS.where("plan", "sextant").toString())
        .contains("<th>plan</th>", ">sextant</td>", "<td style='text-align:right'>2.1000</td>");
    assertThatThrownBy(() -> ROWS.numbers("gpu")).hasMessageContaining("no column gpu in [layer");
  }
}
