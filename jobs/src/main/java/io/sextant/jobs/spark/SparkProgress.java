package io.sextant.jobs.spark;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.StepProgress;
import java.util.Locale;
import java.util.Properties;
import java.util.Timer;
import java.util.TimerTask;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * Shows the tasks of the running stage of a group of jobs, as {@link Progress#running} does. If
 * several stages run at once, shows the first. A task may take minutes, so a clock shows the stage
 * even if no task ends.
 */
final class SparkProgress extends SparkListener implements AutoCloseable {
  /** Where Spark keeps the group that {@code SparkContext.setJobGroup} sets. */
  private static final String GROUP_PROPERTY = "spark.jobGroup.id";

  /** Shorter stages need no line. */
  private static final double LEAST_SECONDS = 1;

  private static final int NONE = -1;

  private static final long TICK_MILLIS = 5_000;

  private final Timer clock = new Timer("sextant-progress", true);

  private final Progress progress;
  private final String jobGroup;
  private int stage = NONE;
  private int tasks;
  private int done;
  private double started;

  /**
   * Starts the clock; the caller adds this to Spark's listeners and closes it.
   *
   * @param jobGroup the group of the jobs that are shown
   */
  SparkProgress(Progress progress, String jobGroup) {
    this.progress = progress;
    this.jobGroup = jobGroup;
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
  public void close() {
    clock.cancel();
  }

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted submitted) {
    if (stage == NONE && isOfGroup(submitted)) {
      stage = submitted.stageInfo().stageId();
      tasks = submitted.stageInfo().numTasks();
      done = 0;
      started = progress.seconds();
    }
  }

  private boolean isOfGroup(SparkListenerStageSubmitted submitted) {
    Properties properties = submitted.properties();
    return properties != null && jobGroup.equals(properties.getProperty(GROUP_PROPERTY));
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
