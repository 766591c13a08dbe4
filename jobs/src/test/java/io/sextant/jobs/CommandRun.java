package io.sextant.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The result of a command line that was run in this JVM.
 *
 * @param exitCode exit code that the process would have
 * @param out standard output
 * @param err standard error
 */
public record CommandRun(int exitCode, String out, String err) {

  /** Runs a command line. */
  public static CommandRun of(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream caughtOut = new ByteArrayOutputStream();
    ByteArrayOutputStream caughtErr = new ByteArrayOutputStream();
    System.setOut(new PrintStream(caughtOut, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(caughtErr, true, StandardCharsets.UTF_8));
    try {
      int exitCode = Sextant.run(arguments);
      return new CommandRun(
          exitCode,
          caughtOut.toString(StandardCharsets.UTF_8),
          caughtErr.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** Runs a command line that must succeed. */
  public static void done(String... arguments) {
    CommandRun run = of(arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  /** The line that reports the error. */
  public String lastError() {
    return err.lines().reduce((first, second) -> second).orElse("");
  }
}
