package io.sextant.jobs.placement;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import io.sextant.schema.spec.ModelSpec;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The requests that a plan is made from: a window's, sampled whole and in arrival order, a layer
 * together.
 *
 * <p>Traffic has a weekly rhythm, so a plan for a working day looks at weekends less, and the other
 * way round: of days of the other kind a quarter of the requests is kept, enough that a plan does
 * not fail on them.
 *
 * @param rows sorted by layer and arrival within partitions; a layer is in one partition
 * @param windowTokens tokens of a layer in the window
 */
record PlanningSample(Dataset<RoutingRow> rows, long windowTokens) {
  /** Tokens of a layer that one task is given at most; 8 ids of two bytes each make 32 MB. */
  static final long MOST_TOKENS = 2_000_000;

  private static final double OTHER_KIND = 0.25;

  /**
   * @param plannedFor the day the plan is for; null for the day after the window
   * @throws io.sextant.schema.InvalidInputException where the window holds no traces of the model
   */
  static PlanningSample of(
      SparkSession spark, TraceWindow window, ModelSpec model, LocalDate plannedFor) {
    List<Row> days =
        window
            .table(spark)
            .where(col("layer").equalTo(model.moeLayers().get(0)))
            .where(window.pool().tokens() + " > 0")
            .groupBy(col("day").cast("string").as("day"))
            .agg(expr("sum(%s)".formatted(window.pool().tokens())))
            .orderBy("day")
            .collectAsList();
    if (days.isEmpty()) {
      throw window.withoutRows(spark);
    }
    LocalDate last = LocalDate.parse(days.get(days.size() - 1).getString(0));
    boolean weekend = weekend(plannedFor == null ? last.plusDays(1) : plannedFor);
    boolean both =
        days.stream().map(day -> weekend(LocalDate.parse(day.getString(0)))).distinct().count() > 1;
    long total = 0;
    double wanted = 0;
    for (Row day : days) {
      total += day.getLong(1);
      wanted += day.getLong(1) * share(day.getString(0), weekend, both);
    }
    double most = Math.min(1, MOST_TOKENS / wanted);
    Dataset<RoutingRow> kept =
        window
            .rows(spark)
            .filter(
                (FilterFunction<RoutingRow>)
                    row ->
                        mix(row.getRequestId(), row.getSource()) >>> 11
                            < (long) (most * share(row.getDay(), weekend, both) * (1L << 53)));
    return new PlanningSample(inOrder(kept, model), total);
  }

  /** Each layer in one partition, in arrival order. */
  static Dataset<RoutingRow> inOrder(Dataset<RoutingRow> rows, ModelSpec model) {
    return rows.repartition(4 * model.moeLayers().size(), col("layer"))
        .sortWithinPartitions("layer", "day", "arrivalMillis", "source", "requestId");
  }

  private static double share(String day, boolean weekend, boolean both) {
    return both && weekend(LocalDate.parse(day)) != weekend ? OTHER_KIND : 1;
  }

  private static boolean weekend(LocalDate day) {
    return day.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) > 0;
  }

  /** A hash of the request that no choice made elsewhere shares. */
  private static long mix(long requestId, String source) {
    long x = requestId * 0x9E3779B97F4A7C15L + source.hashCode();
    x = (x ^ (x >>> 32)) * 0xD6E8FEB86659FD93L;
    x = (x ^ (x >>> 32)) * 0xD6E8FEB86659FD93L;
    return x ^ (x >>> 32);
  }
}
