package io.sextant.jobs.cli;

/**
 * Thrown if a command cannot go on for a reason that is neither the user's mistake nor a bug. The
 * message is one line that gives the reason, and the exit code tells a scheduler what to do.
 */
public final class StoppedException extends RuntimeException {
  /** Another run is using the warehouse; try again later. */
  public static final int BUSY = 4;

  /** The traces are not sufficient for a decision; nothing was changed. */
  public static final int INSUFFICIENT_EVIDENCE = 5;

  /** The storage failed, for example because it is full; nothing was published; try again. */
  public static final int STORAGE_FAILED = 6;

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  public StoppedException(int exitCode, String line) {
    this(exitCode, line, null);
  }

  public StoppedException(int exitCode, String line, Throwable cause) {
    super(line.replaceAll("\\s*\\R\\s*", " "), cause);
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }
}
