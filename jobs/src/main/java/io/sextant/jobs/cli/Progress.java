package io.sextant.jobs.cli;

/** Says on standard error what is going on; results alone go to standard output. */
public final class Progress {
  /** Set by bin/sextant where standard error is a terminal. */
  private static final String TERMINAL = "sextant.terminal";

  /** The terminal's code for clearing the line to its end. */
  private static final String ERASE_REST = "\u001b[K";

  private static volatile boolean silent;

  private final long started = System.nanoTime();

  /** Whether nothing is to be said in this process: {@code --quiet}. */
  public static void silence(boolean quiet) {
    silent = quiet;
  }

  /** One line, with the seconds since the command began. */
  public void say(String format, Object... values) {
    if (silent) {
      return;
    }
    writeOver("");
    System.err.printf("[%6.1f s] %s%n", seconds(), String.format(format, values));
  }

  /** Whether a line can be written over: on a terminal, where progress is wanted. */
  public boolean canWriteOver() {
    return !silent && Boolean.getBoolean(TERMINAL);
  }

  /** A line that the next one takes the place of; nothing where that cannot be. */
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
