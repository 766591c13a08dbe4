package io.sextant.jobs.window;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import io.sextant.jobs.day.TrafficDays;
import io.sextant.jobs.table.TypedRows;
import io.sextant.schema.spec.ModelSpec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * The requests from which a plan is made: whole requests sampled from a window, in arrival order,
 * with each layer in one partition.
 *
 * @param rows rows sorted by layer and arrival within partitions; a layer is in one partition
 * @param windowTokens number of tokens per layer in the window
 * @param days weight of each day
 */
public record PlanningSample(Dataset<RoutingRow> rows, long windowTokens, DayWeights days) {
  /**
   * Maximum number of tokens of a layer in one task; with 8 ids of two bytes each they take 32 MB.
   */
  public static final long MOST_TOKENS = 2_000_000;

  private record DayTokens(String day, long tokens) {}

  /**
   * @param rule rule for the weight of each day
   * @throws io.sextant.schema.InvalidInputException if the window holds no traces of the model
   */
  public static PlanningSample of(
      SparkSession spark, TraceWindow window, ModelSpec model, DayRule rule) {
    return of(spark, window, model, rule, window.rows(spark));
  }

  /**
   * The same requests with the prompts of a decode pool's requests, which group them: {@link
   * TraceWindow#rowsWithPrompts}.
   */
  public static PlanningSample withPrompts(
      SparkSession spark, TraceWindow window, ModelSpec model, DayRule rule) {
    return of(spark, window, model, rule, window.rowsWithPrompts(spark));
  }

  private static PlanningSample of(
      SparkSession spark,
      TraceWindow window,
      ModelSpec model,
      DayRule rule,
      Dataset<RoutingRow> rows) {
    List<DayTokens> days =
        TypedRows.of(DayTokens.class)
            .collect(
                window
                    .table(spark)
                    .where(col("layer").equalTo(model.moeLayers().get(0)))
                    .where(window.pool().tokens() + " > 0")
                    .groupBy(col("day").cast("string").as("day"))
                    .agg(expr("sum(%s)".formatted(window.pool().tokens())).as("tokens"))
                    .orderBy("day"));
    if (days.isEmpty()) {
      throw window.withoutRows();
    }
    TrafficDays.warn(window.describe(), days.stream().map(DayTokens::day).toList());
    DayWeights weights =
        rule.weigh(days.stream().map(DayTokens::day).toList()).with(window.traffic());
    long total = 0;
    double wanted = 0;
    for (DayTokens day : days) {
      total += day.tokens();
      wanted += day.tokens() * weights.of(day.day());
    }
    double most = Math.min(1, MOST_TOKENS / wanted);
    Dataset<RoutingRow> kept =
        rows.filter(
            (FilterFunction<RoutingRow>)
                row ->
                    mix(row.getRequestId(), row.getSource()) >>> 11
                        < (long) (most * weights.of(row.getDay()) * (1L << 53)));
    return new PlanningSample(inOrder(kept, model), total, weights);
  }

  /** Puts each layer into one partition, in arrival order. */
  public static Dataset<RoutingRow> inOrder(Dataset<RoutingRow> rows, ModelSpec model) {
    return rows.repartition(4 * model.moeLayers().size(), col("layer"))
        .sortWithinPartitions(inArrivalOrder("layer", "day"));
  }

  /**
   * The columns that sort rows of {@link TraceWindow#rows} by other columns, then in arrival order.
   */
  public static Column[] inArrivalOrder(String... first) {
    return Stream.concat(
            Arrays.stream(first).map(functions::col),
            ArrivalOrder.columns("arrivalMillis", "requestId").stream())
        .toArray(Column[]::new);
  }

  /** A hash of the request that is independent of choices made elsewhere. */
  private static long mix(long requestId, String source) {
    long x = requestId * 0x9E3779B97F4A7C15L + source.hashCode();
    x = (x ^ (x >>> 32)) * 0xD6E8FEB86659FD93L;
    x = (x ^ (x >>> 32)) * 0xD6E8FEB86659FD93L;
    return x ^ (x >>> 32);
  }
}
