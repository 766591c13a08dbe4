package io.sextant.jobs;

import static org.assertj.core.api.Assertions.assertThat;

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
    TestSpark.session(); // A command that started Spark would stop it under the tests beside it.
    try (CaughtOutput caught = new CaughtOutput()) {
      int exitCode = Sextant.run(arguments);
      return new CommandRun(exitCode, caught.out(), caught.err());
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
