package io.sextant.jobs.spark;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.StepProgress;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;

/**
 * The tasks of the stage at work as one line that is written over, on a terminal; the first stage
 * of several at once.
 */
public final class SparkProgress extends SparkListener {
  /** Stages that end sooner need no line. */
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

  /** Says which Spark is at work, and shows its tasks. */
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
