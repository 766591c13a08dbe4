package io.sextant.jobs.spark;

import io.sextant.jobs.cli.Invocation;
import io.sextant.jobs.cli.Progress;
import org.apache.spark.sql.SparkSession;

/** A command's work on a warehouse: in a session, with its progress shown and its run recorded. */
public final class WarehouseRun {
  private WarehouseRun() {}

  /** The work itself. */
  @FunctionalInterface
  public interface Work {
    void run(SparkSession spark) throws Exception;
  }

  /**
   * Does the work.
   *
   * @param runId of its rows
   * @return the exit code 0
   */
  public static int of(
      String warehouse, Invocation command, String runId, Progress progress, Work work)
      throws Exception {
    try (SparkSession spark = SparkSessions.open()) {
      SparkProgress.follow(spark, progress);
      new RunLog(warehouse, command)
          .record(
              runId,
              () -> {
                work.run(spark);
                return null;
              });
      progress.say("done");
    }
    return 0;
  }
}
