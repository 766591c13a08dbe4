package io.sextant.jobs.spark;

import static org.apache.spark.sql.functions.col;

import io.sextant.schema.table.RunTables;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The files of the descriptions that runs on a warehouse used, from the table of runs. */
public final class RecordedDescriptions {
  private RecordedDescriptions() {}

  /**
   * The descriptions that a run used, as one sentence; if the table does not have that run yet, of
   * the last run of the model that had a cluster.
   *
   * @param model name of the model
   * @param runId id of the run
   */
  public static String text(SparkSession spark, String warehouse, String model, String runId) {
    List<Row> last =
        SparkTables.read(spark, warehouse, RunTables.RUNS)
            .map(
                runs ->
                    runs.where(
                            col("descriptions")
                                .contains("model " + model + ": ")
                                .and(col("descriptions").contains("cluster ")))
                        .orderBy(col("run_id").equalTo(runId).desc(), col("started_ms").desc())
                        .select("run_id", "command", "descriptions")
                        .takeAsList(1))
            .orElse(List.of());
    return last.isEmpty()
        ? "Descriptions of model and cluster: not available; no run recorded them."
        : "Descriptions used by %s, run %s: %s."
            .formatted(last.get(0).get(1), last.get(0).get(0), last.get(0).get(2));
  }
}
