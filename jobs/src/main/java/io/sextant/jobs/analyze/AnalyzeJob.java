package io.sextant.jobs.analyze;

import static org.apache.spark.sql.functions.col;

import io.sextant.jobs.Progress;
import io.sextant.jobs.SparkTables;
import io.sextant.jobs.placement.TraceWindow;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.table.TableDefinition;
import io.sextant.schema.table.Tables;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Computes the statistics of a window of traces. Tasks count with array kernels and ship one tally
 * a layer; tallies are added up on executors, where the tables are made too. No token is shuffled.
 */
final class AnalyzeJob {
  private final SparkSession spark;
  private final TraceWindow window;
  private final ModelSpec model;
  private final String runId;
  private final Progress progress;

  AnalyzeJob(
      SparkSession spark, TraceWindow window, ModelSpec model, String runId, Progress progress) {
    this.spark = spark;
    this.window = window;
    this.model = model;
    this.runId = runId;
    this.progress = progress;
  }

  /**
   * Writes the tables; an earlier analysis that ends on the same day is replaced.
   *
   * @throws InvalidInputException where the window has no traces, or not of every layer; nothing is
   *     written then
   */
  AnalyzeSummary run() {
    progress.say("counting the traces of %s", window.describe());
    ModelSpec shape = model;
    JavaRDD<LayerTally> tallies =
        rows()
            .mapPartitionsToPair(new TallyTask(shape))
            .reduceByKey(new HashPartitioner(shape.moeLayers().size()), LayerTally::merge)
            .values()
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      List<Coverage> coverage = tallies.map(Coverage::of).collect();
      Scope scope = scope(coverage);
      progress.say("writing the tables");
      List<LayerFigures> figures = tallies.map(tally -> LayerFigures.of(scope, tally)).collect();
      write(figures, LayerFigures::imbalance, Tables.IMBALANCE);
      write(figures, LayerFigures::domainSimilarity, Tables.DOMAIN_SIMILARITY);
      write(figures, LayerFigures::drift, Tables.DRIFT);
      List<Row> correlations =
          CorrelationRows.of(scope, figures.stream().map(LayerFigures::correlations).toList());
      SparkTables.write(spark, correlations, Tables.PREFILL_DECODE, folder(Tables.PREFILL_DECODE));
      writeCoactivation(tallies, scope);
      writeExpertLoad(tallies, scope, List.copyOf(coverage.get(0).days()));
      return new AnalyzeSummary(scope, model, window.warehouse(), coverage.get(0), figures);
    } finally {
      tallies.unpersist();
    }
  }

  private JavaRDD<TracedRow> rows() {
    return window
        .table(spark)
        .select(
            col("day").cast("string").as("day"),
            col("arrival_ms").as("arrivalMillis"),
            col("source"),
            col("domain"),
            col("request_id").as("requestId"),
            col("source_rank").as("sourceRank"),
            col("layer"),
            col("prefill_tokens").as("prefillTokens"),
            col("decode_tokens").as("decodeTokens"),
            col("experts"))
        .as(Encoders.bean(TracedRow.class))
        .javaRDD();
  }

  /** Checks that there is something to analyse, before anything is written. */
  private Scope scope(List<Coverage> coverage) {
    if (coverage.isEmpty()) {
      throw InvalidInputException.of(
          "traces of " + window.describe() + " in " + window.warehouse(),
          "there are none",
          "Check --model, --from and --to, or run sextant ingest first");
    }
    List<Integer> layers = coverage.stream().map(Coverage::layer).toList();
    if (!layers.equals(model.moeLayers())) {
      throw InvalidInputException.of(
          "traces of " + window.describe(),
          "they hold layers %s, the model has %s".formatted(layers, model.moeLayers()),
          "Ingest traces of every MoE layer");
    }
    TreeSet<String> days = coverage.get(0).days();
    return new Scope(runId, model.name(), days.first(), days.last());
  }

  private String folder(TableDefinition table) {
    return window.warehouse() + "/" + table.name();
  }

  private void write(
      List<LayerFigures> figures, Function<LayerFigures, List<Row>> rows, TableDefinition table) {
    SparkTables.write(
        spark,
        figures.stream().flatMap(layer -> rows.apply(layer).stream()).toList(),
        table,
        folder(table));
  }

  private void writeCoactivation(JavaRDD<LayerTally> tallies, Scope scope) {
    SparkTables.write(
        spark,
        tallies.flatMap(tally -> CoactivationRows.of(scope, tally)).coalesce(1),
        Tables.COACTIVATION,
        folder(Tables.COACTIVATION));
  }

  /** A task a day, since a day is a file. */
  private void writeExpertLoad(JavaRDD<LayerTally> tallies, Scope scope, List<String> days) {
    FlatMapFunction<Tuple2<Integer, Iterable<DayLoads>>, Row> rows =
        day -> DayLoads.rows(scope, day._2());
    SparkTables.write(
        spark,
        tallies
            .flatMapToPair(
                tally ->
                    DayLoads.of(tally).entrySet().stream()
                        .map(day -> new Tuple2<>(days.indexOf(day.getKey()), day.getValue()))
                        .iterator())
            .groupByKey(new HashPartitioner(days.size()))
            .flatMap(rows),
        Tables.EXPERT_LOAD,
        folder(Tables.EXPERT_LOAD));
  }
}
