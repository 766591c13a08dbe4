package io.sextant.notebooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
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
  void intervalsShowSomething() {
    Rows rows =
        new Rows(
            List.of("slots", "plan", "micros", "low", "high"),
            List.of(
                Arrays.asList(128, "sextant", 26.8, 26.7, 26.9),
                Arrays.asList(160, "sextant", 24.5, null, null),
                Arrays.asList(160, "current", 25.0, 24.9, 25.1)));
    assertThat(colours(Plots.intervals("t", "y", rows, "slots", "plan", "micros")))
        .isGreaterThan(3);
    assertThat(
            colours(
                Plots.intervals(
                    "t", "y", rows.where("plan", "current"), "slots", "plan", "micros")))
        .isGreaterThan(3);
  }

  /** bin/notebooks tells such an image from a plot by its size. */
  @Test
  void aPlotOfNothingSaysWhy() throws IOException {
    Rows none = new Rows(List.of("a"), List.of());
    Rows nulls = new Rows(List.of("a"), List.of(Arrays.asList((Object) null)));
    assertThat(none.missing("a")).isEqualTo("the warehouse has no such rows");
    assertThat(nulls.missing("a")).isEqualTo("the traces of this warehouse do not give a");
    assertThat(Rows.unavailable("no <table>").toString())
        .contains("Not available: no &lt;table&gt;");
    for (Rows rows : List.of(none, nulls, Rows.unavailable("the warehouse has no table x"))) {
      for (BufferedImage image :
          List.of(
              Plots.bars("load", "x", "y", rows, "a", "a", "a"),
              Plots.lines("load", "x", "y", rows, "a", "a", "a", true),
              Plots.scatter("load", "x", "y", rows, "a", "a", "a"),
              Plots.intervals("load", "y", rows, "a", "a", "a"),
              Plots.heat("load", "x", "y", rows, "a", "a", "a"))) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        assertThat(png.size()).isLessThan(9000);
        assertThat(colours(image)).isGreaterThan(3);
      }
    }
  }

  @Test
  void plansHaveTheirColourWhateverIsBesideThem() {
    assertThat(Palette.of(List.of("sextant"), "sextant"))
        .isEqualTo(Palette.of(List.of("layer 1", "linear", "sextant"), "sextant"));
    assertThat(Palette.of(List.of("linear", "a", "b"), "b")).isEqualTo(Palette.OTHERS.get(1));
  }

  /** A dark notebook shows the image as it is, so the image brings its own background. */
  @Test
  void isReadableOnAnyTheme() {
    BufferedImage plot = Plots.bars("t", "x", "y", ROWS, "layer", "plan", "nodes");
    assertThat(plot.getColorModel().hasAlpha()).isFalse();
    assertThat(plot.getRGB(0, 0)).isEqualTo(Palette.BACKGROUND.getRGB());
    assertThat(contrast(Palette.TEXT)).isGreaterThan(4.5);
    assertThat(contrast(Palette.MUTED)).isGreaterThan(4.5);
    Stream.concat(Palette.NAMED.values().stream(), Palette.OTHERS.stream())
        .forEach(colour -> assertThat(contrast(colour)).as(colour.toString()).isGreaterThan(3));
    assertThat(ROWS.toString()).doesNotContain("color");
  }

  /** The contrast with the background by WCAG 2. */
  private static double contrast(Color colour) {
    return (luminance(Palette.BACKGROUND) + 0.05) / (luminance(colour) + 0.05);
  }

  private static double luminance(Color colour) {
    double[] parts = new double[3];
    float[] rgb = colour.getRGBColorComponents(null);
    for (int i = 0; i < 3; i++) {
      parts[i] = rgb[i] <= 0.03928 ? rgb[i] / 12.92 : Math.pow((rgb[i] + 0.055) / 1.055, 2.4);
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  }

  @Test
  void rowsAreATable() {
    assertThat(ROWS.where("plan", "sextant").toString())
        .contains("<th>plan</th>", ">sextant</td>", "<td style='text-align:right'>2.1000</td>");
    assertThatThrownBy(() -> ROWS.numbers("gpu")).hasMessageContaining("no column gpu in [layer");
  }
}
