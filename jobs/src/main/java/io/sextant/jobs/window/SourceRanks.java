package io.sextant.jobs.window;

import static org.apache.spark.sql.functions.max;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Reads from the traces how many data-parallel ranks served them. */
public final class SourceRanks {
  private SourceRanks() {}

  /** The highest rank of the traces in the windows plus one; 0 if there are none. */
  public static int count(SparkSession spark, PlanWindows windows) {
    int ranks = count(spark, windows.planOn());
    return windows.scoreOn().equals(windows.planOn())
        ? ranks
        : Math.max(ranks, count(spark, windows.scoreOn()));
  }

  private static int count(SparkSession spark, TraceWindow window) {
    if (!window.hasTraces()) {
      return 0;
    }
    Row highest = window.table(spark).agg(max("source_rank")).first();
    return highest.isNullAt(0) ? 0 : highest.getInt(0) + 1;
  }
}
