package io.sextant.jobs.cli;

import java.util.Locale;

/** Shows the progress of work without Spark, as {@link Progress#running} does. */
public final class StepProgress {
  private final Progress progress;
  private final int steps;
  private final String units;
  private final double started;
  private int done;

  /**
   * @param units name of the counted units, in the plural
   */
  public StepProgress(Progress progress, int steps, String units) {
    this.progress = progress;
    this.steps = steps;
    this.units = units;
    this.started = progress.seconds();
  }

  /** Counts one more unit as done. */
  public void step() {
    done++;
    if (done < steps) {
      progress.running(line(done, steps, units, progress.seconds() - started));
    } else {
      progress.erase();
    }
  }

  /** The counts, and how long the rest takes at the rate so far. */
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
