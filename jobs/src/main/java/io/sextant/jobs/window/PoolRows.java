package io.sextant.jobs.window;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * The part of each request that a pool computes: rows of {@code traces}, of whose expert ids the
 * prefill rows come first and the decode rows follow.
 */
record PoolRows(Pool pool) {
  private static final String PROMPT = "prefill_tokens * top_k";
  private static final String DECODED = "int(decode_tokens * top_k)";

  /** The rows that the pool computes. */
  Dataset<RoutingRow> of(Dataset<Row> traces) {
    return routing(
        switch (pool) {
          case BOTH -> traces;
          case PREFILL ->
              served(traces)
                  .withColumn("experts", expr("slice(experts, 1, int(%s))".formatted(PROMPT)))
                  .withColumn("decode_tokens", lit(0));
          case DECODE ->
              served(traces)
                  .withColumn(
                      "experts", expr("slice(experts, int(%s) + 1, %s)".formatted(PROMPT, DECODED)))
                  .withColumn("prefill_tokens", lit(0));
        });
  }

  /** The same rows, and those of the prompts before the rows of a decode pool. */
  Dataset<RoutingRow> withPrompts(Dataset<Row> traces) {
    if (pool != Pool.DECODE) {
      return of(traces);
    }
    // Rows of unknown phase may follow; they belong to no pool.
    return routing(
        served(traces)
            .withColumn(
                "experts", expr("slice(experts, 1, int(%s) + %s)".formatted(PROMPT, DECODED))));
  }

  /** The requests of which the pool computes rows. */
  private Dataset<Row> served(Dataset<Row> traces) {
    return traces.where(pool.tokens() + " > 0");
  }

  private static Dataset<RoutingRow> routing(Dataset<Row> rows) {
    return rows.select(
            col("day").cast("string").as("day"),
            col("arrival_ms").as("arrivalMillis"),
            col("pass"),
            col("source"),
            col("request_id").as("requestId"),
            col("source_rank").as("sourceRank"),
            col("layer"),
            col("prefill_tokens").as("prefillTokens"),
            col("decode_tokens").as("decodeTokens"),
            col("experts"))
        .as(Encoders.bean(RoutingRow.class));
  }
}
