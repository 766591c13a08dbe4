package io.sextant.jobs.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.CaughtOutput;
import io.sextant.jobs.TestSpark;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.StepProgress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("sets the JVM's standard error and says that there is a terminal")
class SparkProgressTest {
  @Test
  void aLineHasCountsAndTheTimeLeft() {
    assertThat(StepProgress.line(30, 120, "tasks", 10))
        .isEqualTo("30 of 120 tasks, about 30 s left");
    assertThat(StepProgress.line(1_999, 2_000, "files", 100))
        .isEqualTo("1,999 of 2,000 files, about 1 s left");
  }

  @Test
  void aTerminalSeesTasksAndAFileDoesNot() throws Exception {
    assertThat(said("true")).contains(" tasks, about ").contains("\u001b[K");
    assertThat(said("false")).contains("Spark ").doesNotContain("tasks").doesNotContain("\r");
  }

  @Test
  void workWithoutSparkIsCountedToo() {
    assertThat(stepped("true"))
        .contains("\r1 of 3 files, about ")
        .contains("\r2 of 3 files, about ");
    assertThat(stepped("false")).isEmpty();
  }

  private static String stepped(String terminal) {
    System.setProperty("sextant.terminal", terminal);
    try (CaughtOutput caught = new CaughtOutput()) {
      StepProgress files = new StepProgress(new Progress(), 3, "files");
      for (int i = 0; i < 3; i++) {
        files.step();
      }
      return caught.err();
    } finally {
      System.clearProperty("sextant.terminal");
    }
  }

  private static String said(String terminal) throws Exception {
    TestSpark.session();
    // The line is printed by a thread of Spark, which CaughtOutput does not know.
    PrintStream err = System.err;
    ByteArrayOutputStream caught = new ByteArrayOutputStream();
    System.setErr(new PrintStream(caught, true, StandardCharsets.UTF_8));
    System.setProperty("sextant.terminal", terminal);
    Progress.silence(false);
    try (OpenSession session = SparkSessions.open()) {
      session.show(new Progress());
      JavaSparkContext context = JavaSparkContext.fromSparkContext(session.spark().sparkContext());
      // On any number of cores, tasks end after more than a second while others still run.
      int tasks = 3 * context.defaultParallelism() + 1;
      context
          .parallelize(IntStream.range(0, tasks).boxed().toList(), tasks)
          .foreach(i -> Thread.sleep(400));
    } finally {
      System.clearProperty("sextant.terminal");
      System.setErr(err);
    }
    return caught.toString(StandardCharsets.UTF_8);
  }
}
