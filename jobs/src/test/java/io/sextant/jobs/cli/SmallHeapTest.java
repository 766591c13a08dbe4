package io.sextant.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.jobs.CaughtOutput;
import io.sextant.schema.InvalidInputException;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class SmallHeapTest {
  private static final String LINE =
      "heap of %d MiB: it is too small for this input. Set SEXTANT_HEAP (under"
          + " spark-submit: --driver-memory and --executor-memory) to a larger value, for example 4g";

  @Command(name = "hungry")
  static final class Hungry implements Callable<Integer> {
    private final Throwable failure;

    @Option(names = "--now")
    private boolean now;

    Hungry(Throwable failure) {
      this.failure = failure;
    }

    @Override
    public Integer call() throws Exception {
      if (now && failure instanceof Error error) {
        throw error;
      }
      throw (Exception) failure;
    }
  }

  private static String line() {
    return LINE.formatted(Runtime.getRuntime().maxMemory() >> 20);
  }

  @Test
  void sparkNeedsSomeHeap() {
    SmallHeap.requireEnoughForSpark(SmallHeap.LEAST_FOR_SPARK);
    assertThatThrownBy(() -> SmallHeap.requireEnoughForSpark(128L << 20))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "heap of 128 MiB: Spark needs at least 192 MiB. Set SEXTANT_HEAP (under"
                + " spark-submit: --driver-memory and --executor-memory) to a larger value, for"
                + " example 4g");
  }

  /** Spark's memory manager refuses a heap of less than 1.5 times the memory that it reserves. */
  @Test
  void sparkKeepsNoMoreForItselfThanASmallHeapHas() {
    assertThat(SmallHeap.reservedForSpark(4L << 30)).isEqualTo(300L << 20);
    assertThat(SmallHeap.reservedForSpark(256L << 20) * 3 / 2).isLessThan(256L << 20);
  }

  /** In the command itself, as a cause, and as Spark reports it from a task. */
  @Test
  void aLackOfMemoryIsOneLineAndNoBug() {
    for (Throwable failure :
        new Throwable[] {
          new OutOfMemoryError("Java heap space"),
          new IllegalStateException(new OutOfMemoryError("Java heap space")),
          new IllegalStateException(
              "Job aborted due to stage failure: Lost task 0.0 in stage 1.0 (TID 1):"
                  + " java.lang.OutOfMemoryError: Java heap space\n\tat a.b.C")
        }) {
      assertThat(SmallHeap.line(failure)).contains(line());
      try (CaughtOutput caught = new CaughtOutput()) {
        assertThat(CommandRunner.run(new Hungry(failure), "--now")).isEqualTo(2);
        assertThat(caught.err()).isEqualTo("sextant: " + line() + System.lineSeparator());
      }
    }
    assertThat(SmallHeap.line(new IllegalStateException("else"))).isEmpty();
  }
}
