package io.sextant.jobs.cli;

/**
 * A command cannot go on for a reason that is neither the user's mistake nor a bug: one line says
 * it, and the exit code tells a scheduler what to do.
 */
public final class StoppedException extends RuntimeException {
  /** Another run works on the warehouse; try again later. */
  public static final int BUSY = 4;

  /** The traces do not allow a decision; nothing was changed. */
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
