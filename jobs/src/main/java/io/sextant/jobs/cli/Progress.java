package io.sextant.jobs.cli;

/** Prints progress to standard error; standard output has results only. */
public final class Progress {
  /** Set by bin/sextant if standard error is a terminal. */
  private static final String TERMINAL = "sextant.terminal";

  /** The terminal code that clears the line to its end. */
  private static final String ERASE_REST = "\u001b[K";

  private static volatile boolean silent;

  private final long started = System.nanoTime();

  /** Whether progress is off in this process, as {@code --quiet} sets it. */
  public static void silence(boolean quiet) {
    silent = quiet;
  }

  /** Prints one line, with the seconds since the command began. */
  public void say(String format, Object... values) {
    if (silent) {
      return;
    }
    writeOver("");
    System.err.printf("[%6.1f s] %s%n", seconds(), String.format(format, values));
  }

  /** Whether a line can be overwritten: on a terminal, if progress is on. */
  public boolean canWriteOver() {
    return !silent && Boolean.getBoolean(TERMINAL);
  }

  /** Prints a line that the next one overwrites; does nothing if lines cannot be overwritten. */
  public void writeOver(String text) {
    if (canWriteOver()) {
      System.err.print("\r" + text + ERASE_REST);
      System.err.flush();
    }
  }

  /** Seconds since the command began. */
  public double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }
}
