package io.sextant.jobs.cli;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Prints progress to standard error; standard output has results only. */
public final class Progress {
  /** Set by bin/sextant if standard error is a terminal. */
  private static final String TERMINAL = "sextant.terminal";

  /** The terminal code that clears the line to its end. */
  private static final String ERASE_REST = "\u001b[K";

  private static volatile boolean silent;

  /** Off a terminal, for example in a log, running work prints a line at least this often. */
  public static final Duration AT_LEAST_EVERY = Duration.ofSeconds(30);

  private final long started;
  private final LongSupplier nanos;
  private long lastLine;

  public Progress() {
    this(System::nanoTime);
  }

  /**
   * @param nanos a clock that counts nanoseconds
   */
  Progress(LongSupplier nanos) {
    this.nanos = nanos;
    this.started = nanos.getAsLong();
    this.lastLine = started;
  }

  /** Whether progress is off in this process, as {@code --quiet} sets it. */
  public static void silence(boolean quiet) {
    silent = quiet;
  }

  /** Prints one line, with the seconds since the command began. */
  public synchronized void say(String format, Object... values) {
    if (silent) {
      return;
    }
    erase();
    lastLine = nanos.getAsLong();
    System.err.printf("[%6.1f s] %s%n", seconds(), String.format(format, values));
  }

  /** Whether a line can be overwritten: on a terminal, if progress is on. */
  public boolean canWriteOver() {
    return !silent && Boolean.getBoolean(TERMINAL);
  }

  /** Whether progress is off. */
  public static boolean isSilent() {
    return silent;
  }

  /**
   * Prints the state of running work: as a line that the next one overwrites if lines can be
   * overwritten, else as a line of its own if none was printed for {@link #AT_LEAST_EVERY}.
   */
  public synchronized void running(String text) {
    if (canWriteOver()) {
      System.err.print("\r" + text + ERASE_REST);
      System.err.flush();
    } else if (nanos.getAsLong() - lastLine >= AT_LEAST_EVERY.toNanos()) {
      say("%s", text);
    }
  }

  /** Erases the line that {@link #running} printed, if lines can be overwritten. */
  public synchronized void erase() {
    if (canWriteOver()) {
      System.err.print("\r" + ERASE_REST);
      System.err.flush();
    }
  }

  /** Seconds since the command began. */
  public double seconds() {
    return (nanos.getAsLong() - started) / 1e9;
  }
}
