package io.sextant.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.CaughtOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("silences the progress of every command")
class ProgressTest {
  private static final long SECOND = 1_000_000_000L;
  private long now;

  /** A log of long work shows a line at least every 30 seconds, and not more often. */
  @Test
  void offATerminalRunningWorkIsShownEveryThirtySeconds() {
    Progress.silence(false);
    try (CaughtOutput caught = new CaughtOutput()) {
      Progress progress = new Progress(() -> now);
      for (int second = 0; second <= 100; second += 5) {
        now = second * SECOND;
        progress.running("%d of 58 tasks".formatted(second));
      }
      Progress.silence(true);
      now = 200 * SECOND;
      progress.running("silent");
      assertThat(caught.err().lines())
          .containsExactly(
              "[  30.0 s] 30 of 58 tasks",
              "[  60.0 s] 60 of 58 tasks",
              "[  90.0 s] 90 of 58 tasks");
    } finally {
      Progress.silence(false);
    }
  }
}
