package io.sextant.jobs.window;

import static org.apache.spark.sql.functions.col;

import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

/** The table {@code requests} of a window. */
public record WindowRequests(SparkSession spark, TraceWindow window) {

  /**
   * The requests in the order of {@link PlanningSample#inOrder}; empty if the warehouse was written
   * before the table existed.
   */
  public Optional<Iterator<PromptRow>> rows() {
    return window
        .requests(spark)
        .map(
            requests ->
                requests
                    .orderBy(
                        Stream.concat(
                                Stream.of(col("day").cast("string")),
                                ArrivalOrder.columns("arrival_ms", "request_id").stream())
                            .toArray(Column[]::new))
                    .select(
                        col("source"),
                        col("request_id").as("requestId"),
                        col("arrival_ms").as("arrivalMillis"),
                        col("label"),
                        col("prefill_tokens").as("prefillTokens"),
                        col("prompt_token_ids").as("promptTokenIds"))
                    .as(Encoders.bean(PromptRow.class))
                    .toLocalIterator());
  }

  /** Whether any request has the token ids of its prompt. */
  public boolean haveTokenIds() {
    return window
        .requests(spark)
        .map(requests -> !requests.where(col("prompt_token_ids").isNotNull()).isEmpty())
        .orElse(false);
  }

  /** Whether requests have different labels. */
  public boolean haveLabels() {
    return window
        .requests(spark)
        .map(requests -> requests.select("label").distinct().limit(2).count() > 1)
        .orElse(false);
  }

  /** The model and the days, for messages. */
  public String describe() {
    return window.describe();
  }
}
