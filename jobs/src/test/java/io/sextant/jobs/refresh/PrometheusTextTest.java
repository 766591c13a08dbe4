package io.sextant.jobs.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrometheusTextTest {
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
