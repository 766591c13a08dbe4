package io.sextant.jobs.cli;

import io.sextant.jobs.storage.DamagedTable;
import io.sextant.jobs.storage.StaleChecksum;
import io.sextant.jobs.storage.StorageFault;
import io.sextant.schema.InvalidInputException;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns every failure into one line and an exit code; only a bug also gets its stack trace. */
final class OneLine implements IExecutionExceptionHandler {
  private static final int WRONG_INPUT = 2;
  private static final int BUG = 3;

  @Override
  public int handleExecutionException(Exception thrown, CommandLine line, ParseResult parsed) {
    return print(thrown, line.getErr());
  }

  /**
   * Prints the line of a failure.
   *
   * @param thrown an exception, or an error such as that of Hadoop for a full disk
   * @return the exit code
   */
  static int print(Throwable thrown, PrintWriter err) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoppedException stopped) {
        err.println("sextant: " + stopped.getMessage());
        return stopped.exitCode();
      }
      if (cause instanceof InvalidInputException) {
        err.println("sextant: " + cause.getMessage());
        return WRONG_INPUT;
      }
    }
    Optional<String> known =
        StaleChecksum.of(thrown)
            .map(Throwable::getMessage)
            .or(() -> storage(thrown))
            .or(() -> SmallHeap.line(thrown))
            .or(() -> DamagedTable.line(thrown));
    if (known.isPresent()) {
      err.println("sextant: " + known.get());
      return WRONG_INPUT;
    }
    thrown.printStackTrace(err);
    err.println("sextant: this is a bug, please report it: " + thrown);
    return BUG;
  }

  private static Optional<String> storage(Throwable thrown) {
    return StorageFault.line(thrown)
        .map(what -> "the storage failed: %s. %s".formatted(what, StorageFault.remedy(thrown)));
  }
}
