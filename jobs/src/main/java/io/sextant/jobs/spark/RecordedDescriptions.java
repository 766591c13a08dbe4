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
   * The descriptions of the last run of a model that had a cluster, as one sentence.
   *
   * @param model name of the model
   */
  public static String text(SparkSession spark, String warehouse, String model) {
    List<Row> last =
        SparkTables.read(spark, warehouse, RunTables.RUNS)
            .map(
                runs ->
                    runs.where(
                            col("descriptions")
                                .contains("model " + model + ": ")
                                .and(col("descriptions").contains("cluster ")))
                        .orderBy(col("started_ms").desc())
                        .select("run_id", "command", "descriptions")
                        .takeAsList(1))
            .orElse(List.of());
    return last.isEmpty()
        ? "Descriptions of model and cluster: not available; no run recorded them."
        : "Descriptions used by %s, run %s: %s."
            .formatted(last.get(0).get(1), last.get(0).get(0), last.get(0).get(2));
  }
}
