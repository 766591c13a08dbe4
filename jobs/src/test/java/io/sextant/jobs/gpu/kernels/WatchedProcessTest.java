package io.sextant.jobs.gpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchedProcessTest {
  private final List<String> lines = new ArrayList<>();

  @Test
  void linesOfAProcessThatEndsAreDelivered() throws Exception {
    assertThat(run(Duration.ofMinutes(1), "echo one; echo two")).isEmpty();
    assertThat(lines).containsExactly("one", "two");
  }

  @Test
  void aFailureIsNamed() throws Exception {
    assertThat(run(Duration.ofMinutes(1), "echo one; exit 3"))
        .contains("its process ended with exit code 3");
    assertThat(lines).containsExactly("one");
  }

  @Test
  void aProcessThatHangsIsEnded() throws Exception {
    long start = System.nanoTime();
    assertThat(run(Duration.ofSeconds(1), "echo one; exec sleep 600"))
        .contains("it did not return within 1 s and was ended");
    assertThat(lines).containsExactly("one");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(2));
  }

  private java.util.Optional<String> run(Duration silence, String script) throws Exception {
    return new WatchedProcess(List.of("sh", "-c", script), silence).run(lines::add);
  }
}
