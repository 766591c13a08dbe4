package io.sextant.jobs.analyze;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import io.sextant.jobs.Progress;
import io.sextant.jobs.SparkTables;
import io.sextant.jobs.placement.TraceWindow;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.table.TableDefinition;
import io.sextant.schema.table.Tables;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Computes the tables of usage from the traces of a window: one pass over the tokens, then small
 * sums. Partitions (model, day) that the run covers are replaced, others stay.
 */
public final class AnalyzeJob {
  private final SparkSession spark;
  private final ModelSpec model;
  private final TraceWindow traces;
  private final String runId;
  private final Progress progress;

  /**
   * @param traces the days to analyse
   * @param runId goes into every row; all else is the same in every run over the same traces
   */
  public AnalyzeJob(
      SparkSession spark, ModelSpec model, TraceWindow traces, String runId, Progress progress) {
    this.spark = spark;
    this.model = model;
    this.traces = traces;
    this.runId = runId;
    this.progress = progress;
  }

  /**
   * @throws InvalidInputException where the window has no traces, or they are of another shape than
   *     the model
   */
  public AnalyzeSummary run() {
    JavaPairRDD<CountKey, Counts> counts = counts().persist(StorageLevel.MEMORY_AND_DISK());
    try {
      List<String> days =
          counts.keys().map(CountKey::day).filter(day -> !day.isEmpty()).distinct().collect();
      if (days.isEmpty()) {
        throw InvalidInputException.of(
            "traces of " + traces.describe(),
            "there are none",
            "Check --model, --from and --to, or ingest more");
      }
      Window window = new Window(model.name(), days.stream().sorted().toList(), runId);
      progress.say("counted %d days, %s to %s", days.size(), window.from(), window.to());
      writeExpertLoad(counts);
      progress.say("wrote %s", Tables.EXPERT_LOAD.name());
      writeCoactivation(counts, window);
      progress.say("wrote %s", Tables.COACTIVATION.name());
      List<LayerFigures> layers = figures(counts, window);
      write(layers, LayerFigures::imbalance, Tables.IMBALANCE);
      write(layers, LayerFigures::domainSimilarity, Tables.DOMAIN_SIMILARITY);
      write(layers, LayerFigures::drift, Tables.DRIFT);
      write(PrefillDecodeRows.of(window, model.experts(), layers), Tables.PREFILL_DECODE);
      progress.say("wrote the other tables");
      return new AnalyzeSummary(model, window, layers);
    } finally {
      counts.unpersist();
    }
  }

  /** Of the traces; of days that have none, what engines counted. */
  private JavaPairRDD<CountKey, Counts> counts() {
    Optional<Dataset<Row>> loadCounts = traces.loadCounts(spark);
    if (loadCounts.isEmpty()) {
      return traced();
    }
    if (!traces.hasTraces(spark)) {
      return counted(loadCounts.get());
    }
    JavaPairRDD<CountKey, Counts> traced = traced().persist(StorageLevel.MEMORY_AND_DISK());
    Object[] tracedDays = traced.keys().map(CountKey::day).distinct().collect().toArray();
    return traced.union(counted(loadCounts.get().where(not(col("day").isin(tracedDays)))));
  }

  private JavaPairRDD<CountKey, Counts> counted(Dataset<Row> loadCounts) {
    return loadCounts
        .toJavaRDD()
        .mapPartitionsToPair(new CountedSteps(model))
        .reduceByKey(Counts::plus);
  }

  private JavaPairRDD<CountKey, Counts> traced() {
    return traces
        .table(spark)
        .select(
            col("day"),
            col("arrival_ms").as("arrivalMillis"),
            col("source"),
            col("domain"),
            col("layer"),
            col("prefill_tokens").as("prefillTokens"),
            col("top_k").as("topK"),
            col("experts"))
        .as(Encoders.bean(TraceRow.class))
        .toJavaRDD()
        .mapPartitionsToPair(new CountTask(model))
        .reduceByKey(Counts::plus, spark.sparkContext().defaultParallelism() * 2);
  }

  private void writeExpertLoad(JavaPairRDD<CountKey, Counts> counts) {
    String name = model.name();
    String run = runId;
    JavaRDD<Row> rows =
        counts
            .filter(entry -> !entry._1().day().isEmpty())
            .mapToPair(entry -> new Tuple2<>(entry._1().day(), entry))
            .groupByKey()
            .flatMap(
                day -> {
                  List<Tuple2<CountKey, Counts>> layers = new ArrayList<>();
                  day._2().forEach(layers::add);
                  layers.sort(Comparator.comparingInt(layer -> layer._1().layer()));
                  return layers.stream()
                      .flatMap(
                          layer -> ExpertLoadRows.of(layer._1(), layer._2(), name, run).stream())
                      .iterator();
                });
    overwrite(
        rows, Tables.EXPERT_LOAD, "model", "day", "layer", "hour", "domain", "phase", "expert");
  }

  private void writeCoactivation(JavaPairRDD<CountKey, Counts> counts, Window window) {
    ModelSpec shape = model;
    JavaRDD<Row> rows =
        counts
            .filter(entry -> entry._1().day().isEmpty())
            .flatMap(
                entry ->
                    CoactivationRows.of(
                            shape, window, entry._1().layer(), entry._2().pairs(shape.experts()))
                        .iterator())
            .coalesce(1);
    overwrite(rows, Tables.COACTIVATION, "model", "day", "layer", "phase", "a", "b");
  }

  private List<LayerFigures> figures(JavaPairRDD<CountKey, Counts> counts, Window window) {
    ModelSpec shape = model;
    List<LayerFigures> layers =
        new ArrayList<>(
            counts
                .filter(entry -> !entry._1().day().isEmpty())
                .mapToPair(entry -> new Tuple2<>(entry._1().layer(), entry))
                .groupByKey()
                .map(
                    layer -> {
                      TreeMap<String, Counts> byDay = new TreeMap<>();
                      layer._2().forEach(day -> byDay.put(day._1().day(), day._2()));
                      return LayerFigures.of(shape, window, layer._1(), byDay);
                    })
                .collect());
    layers.sort(Comparator.comparingInt(LayerFigures::layer));
    return layers;
  }

  private void write(
      List<LayerFigures> layers, Function<LayerFigures, List<Row>> rows, TableDefinition table) {
    write(layers.stream().flatMap(layer -> rows.apply(layer).stream()).toList(), table);
  }

  private void write(List<Row> rows, TableDefinition table) {
    if (!rows.isEmpty()) {
      SparkTables.write(spark, rows, table, traces.warehouse() + "/" + table.name());
    }
  }

  private void overwrite(JavaRDD<Row> rows, TableDefinition table, String first, String... then) {
    SparkTables.writeSorted(
        spark, rows, table, traces.warehouse() + "/" + table.name(), first, then);
  }
}
