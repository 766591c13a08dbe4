package io.sextant.jobs.spark;

import io.sextant.jobs.cli.Invocation;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.storage.WarehouseSchema;
import org.apache.spark.sql.SparkSession;

/**
 * Runs a command's work on a warehouse: in a Spark session, with progress and a row in the log of
 * runs.
 */
public final class WarehouseRun {
  private WarehouseRun() {}

  /** The work of the command. */
  @FunctionalInterface
  public interface Work {
    void run(SparkSession spark) throws Exception;
  }

  /**
   * Does the work.
   *
   * @param runId run id of the rows that the work writes
   * @return the exit code 0
   */
  public static int of(
      String warehouse, Invocation command, String runId, Progress progress, Work work)
      throws Exception {
    WarehouseSchema.requireWritableIfLocal(warehouse);
    try (OpenSession session = SparkSessions.open()) {
      SparkSession spark = session.spark();
      session.show(progress);
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
