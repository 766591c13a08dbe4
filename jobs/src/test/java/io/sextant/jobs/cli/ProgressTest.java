package io.sextant.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final long SECOND = 1_000_000_000L;
  private long now;

  /** A log of long work shows a line at least every 30 seconds, and not more often. */
  @Test
  void offATerminalRunningWorkIsShownEveryThirtySeconds() {
    PrintStream err = System.err;
    ByteArrayOutputStream caught = new ByteArrayOutputStream();
    System.setErr(new PrintStream(caught, true, StandardCharsets.UTF_8));
    Progress.silence(false);
    try {
      Progress progress = new Progress(() -> now);
      for (int second = 0; second <= 100; second += 5) {
        now = second * SECOND;
        progress.running("%d of 58 tasks".formatted(second));
      }
      Progress.silence(true);
      now = 200 * SECOND;
      progress.running("silent");
    } finally {
      Progress.silence(false);
      System.setErr(err);
    }
    assertThat(caught.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "[  30.0 s] 30 of 58 tasks", "[  60.0 s] 60 of 58 tasks", "[  90.0 s] 90 of 58 tasks");
  }
}
