package io.sextant.jobs.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {

  /** A name from outside stays the value of its label, whatever it holds. */
  @Property(tries = 300)
  void aLabelStaysOnItsLine(@ForAll String value) {
    String text = new PrometheusText().gauge("sextant_a", "A.", 3L, "model", value).text();
    String[] lines = text.split("\n", -1);
    assertThat(lines).hasSize(4);
    assertThat(lines[2]).startsWith("sextant_a{model=\"").endsWith("\"} 3");
    String escaped = lines[2].substring("sextant_a{model=\"".length(), lines[2].length() - 4);
    assertThat(unescaped(escaped)).isEqualTo(value);
  }

  private static String unescaped(String text) {
    StringBuilder value = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      assertThat(c).isNotEqualTo('"');
      if (c == '\\') {
        i++;
        c = text.charAt(i) == 'n' ? '\n' : text.charAt(i);
      }
      value.append(c);
    }
    return value.toString();
  }

  @Test
  void groupsTheSamplesOfANameUnderItsHelp() {
    String text =
        new PrometheusText()
            .gauge("sextant_a", "A.", 3L, "model", "m")
            .gauge("sextant_b_seconds", "B.", 0.5)
            .gauge("sextant_a", "A.", 4L, "model", "with \"quotes\" and \\")
            .text();
    assertThat(text)
        .isEqualTo(
            """
            # HELP sextant_a A.
            # TYPE sextant_a gauge
            sextant_a{model="m"} 3
            sextant_a{model="with \\"quotes\\" and \\\\"} 4
            # HELP sextant_b_seconds B.
            # TYPE sextant_b_seconds gauge
            sextant_b_seconds 0.5
            """);
  }
}
