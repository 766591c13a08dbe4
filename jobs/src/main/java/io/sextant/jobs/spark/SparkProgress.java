package io.sextant.jobs.spark;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.StepProgress;
import java.util.Locale;
import java.util.Timer;
import java.util.TimerTask;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;

/**
 * Shows the tasks of the running stage, as {@link Progress#running} does. If several stages run at
 * once, shows the first. A task may take minutes, so a clock shows the stage even if no task ends.
 */
public final class SparkProgress extends SparkListener {
  /** Shorter stages need no line. */
  private static final double LEAST_SECONDS = 1;

  private static final int NONE = -1;

  private static final long TICK_MILLIS = 5_000;

  private final Timer clock = new Timer("sextant-progress", true);

  private final Progress progress;
  private int stage = NONE;
  private int tasks;
  private int done;
  private double started;

  private SparkProgress(Progress progress) {
    this.progress = progress;
  }

  /** Prints Spark's version and master, and shows its tasks. */
  public static void follow(SparkSession spark, Progress progress) {
    progress.say("Spark %s at %s", spark.version(), spark.sparkContext().master());
    if (!Progress.isSilent()) {
      SparkProgress shown = new SparkProgress(progress);
      spark.sparkContext().addSparkListener(shown);
      shown.start();
    }
  }

  private void start() {
    clock.schedule(
        new TimerTask() {
          @Override
          public void run() {
            tick();
          }
        },
        TICK_MILLIS,
        TICK_MILLIS);
  }

  private synchronized void tick() {
    if (stage != NONE && !progress.canWriteOver()) {
      progress.running(
          done == 0
              ? String.format(Locale.ROOT, "0 of %,d tasks", tasks)
              : StepProgress.line(done, tasks, "tasks", progress.seconds() - started));
    }
  }

  @Override
  public void onApplicationEnd(SparkListenerApplicationEnd ended) {
    clock.cancel();
  }

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted submitted) {
    if (stage == NONE) {
      stage = submitted.stageInfo().stageId();
      tasks = submitted.stageInfo().numTasks();
      done = 0;
      started = progress.seconds();
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd ended) {
    if (ended.stageId() == stage) {
      done++;
      double taken = progress.seconds() - started;
      if (taken >= LEAST_SECONDS && done < tasks) {
        progress.running(StepProgress.line(done, tasks, "tasks", taken));
      }
    }
  }

  @Override
  public synchronized void onStageCompleted(SparkListenerStageCompleted completed) {
    if (completed.stageInfo().stageId() == stage) {
      stage = NONE;
      progress.erase();
    }
  }
}
