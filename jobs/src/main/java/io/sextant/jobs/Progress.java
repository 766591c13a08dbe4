package io.sextant.jobs;

/** Says on standard error what is going on; results alone go to standard output. */
public final class Progress {
  private static volatile boolean silent;

  private final long started = System.nanoTime();

  /** Whether nothing is to be said in this process: {@code --quiet}. */
  static void silence(boolean quiet) {
    silent = quiet;
  }

  /** One line, with the seconds since the command began. */
  public void say(String format, Object... values) {
    if (silent) {
      return;
    }
    System.err.printf("[%6.1f s] %s%n", seconds(), String.format(format, values));
  }

  /** Seconds since the command began. */
  public double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }
}
