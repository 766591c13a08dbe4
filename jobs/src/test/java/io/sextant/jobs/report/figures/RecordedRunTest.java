package io.sextant.jobs.report.figures;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecordedRunTest {

  @Test
  void namesThePackagingThatTheRunPlannedFor() {
    assertThat(run("", "model m: m.yaml; packaging fp8-block: conf/packaging/fp8-block.yaml"))
        .extracting(run -> run.packaging().orElseThrow())
        .isEqualTo("fp8-block");
    assertThat(run("", "model m: m.yaml; cluster c: c.yaml").packaging()).isEmpty();
  }

  @Test
  void knowsTheLimitOfTheErrors() {
    assertThat(run("probe --max-error 0.02 --model m", "").mostError(0.05)).isEqualTo(0.02);
    assertThat(run("probe --max-error=2e-2", "").mostError(0.05)).isEqualTo(0.02);
    assertThat(run("probe --model m", "").mostError(0.05)).isEqualTo(0.05);
  }

  private static RecordedRun run(String arguments, String descriptions) {
    return new RecordedRun(arguments, descriptions);
  }
}
