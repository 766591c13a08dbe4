package io.sextant.jobs.spark;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.StepProgress;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;

/**
 * Shows the tasks of the running stage as one line that is overwritten, on a terminal only. If
 * several stages run at once, shows the first.
 */
public final class SparkProgress extends SparkListener {
  /** Shorter stages need no line. */
  private static final double LEAST_SECONDS = 1;

  private static final int NONE = -1;

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
    if (progress.canWriteOver()) {
      spark.sparkContext().addSparkListener(new SparkProgress(progress));
    }
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
        progress.writeOver(StepProgress.line(done, tasks, "tasks", taken));
      }
    }
  }

  @Override
  public synchronized void onStageCompleted(SparkListenerStageCompleted completed) {
    if (completed.stageInfo().stageId() == stage) {
      stage = NONE;
      progress.writeOver("");
    }
  }
}
