package io.sextant.jobs.cli;

import java.util.Locale;

/**
 * Work without Spark, one piece after another, as one line that is written over, on a terminal;
 * elsewhere nothing.
 */
public final class StepProgress {
  private final Progress progress;
  private final int steps;
  private final String units;
  private final double started;
  private int done;

  /**
   * @param units what is counted, in the plural
   */
  public StepProgress(Progress progress, int steps, String units) {
    this.progress = progress;
    this.steps = steps;
    this.units = units;
    this.started = progress.seconds();
  }

  /** One more is done. */
  public void step() {
    done++;
    progress.writeOver(done < steps ? line(done, steps, units, progress.seconds() - started) : "");
  }

  /** Counts, and how long the rest takes if it goes on like this. */
  public static String line(int done, int steps, String units, double seconds) {
    return String.format(
        Locale.ROOT,
        "%,d of %,d %s, about %.0f s left",
        done,
        steps,
        units,
        Math.ceil(seconds / done * (steps - done)));
  }
}
