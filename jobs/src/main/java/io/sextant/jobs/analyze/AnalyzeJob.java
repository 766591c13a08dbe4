package io.sextant.jobs.analyze;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import io.sextant.jobs.analyze.count.CountKey;
import io.sextant.jobs.analyze.count.CountTask;
import io.sextant.jobs.analyze.count.CountedSteps;
import io.sextant.jobs.analyze.count.Counts;
import io.sextant.jobs.analyze.count.DayPartitioner;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.day.TrafficDays;
import io.sextant.jobs.lock.WarehouseLock;
import io.sextant.jobs.snapshot.SnapshotChange;
import io.sextant.jobs.table.SmallTable;
import io.sextant.jobs.table.TableSplit;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.table.TableDefinition;
import io.sextant.schema.table.UsageTables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Computes the usage tables from the traces of a window: one pass over the tokens, then small sums.
 * Partitions (model, day) that the run covers are replaced; the others are kept.
 */
public final class AnalyzeJob {
  /**
   * Each task returns its co-activation tables, so fewer, larger tasks leave fewer tables to add
   * up.
   */
  private static final long MOST_TASK_BYTES = 1L << 30;

  private final SparkSession spark;
  private final ModelSpec model;
  private final TraceWindow traces;
  private final String runId;
  private final Progress progress;
  private final long mostTaskBytes;
  private WarehouseLock lock;

  /**
   * @param traces the days to analyse
   * @param runId the run's id, which every row contains; all other values are the same in every run
   *     over the same traces
   */
  public AnalyzeJob(
      SparkSession spark, ModelSpec model, TraceWindow traces, String runId, Progress progress) {
    this(spark, model, traces, runId, progress, MOST_TASK_BYTES);
  }

  AnalyzeJob(
      SparkSession spark,
      ModelSpec model,
      TraceWindow traces,
      String runId,
      Progress progress,
      long mostTaskBytes) {
    this.spark = spark;
    this.model = model;
    this.traces = traces;
    this.runId = runId;
    this.progress = progress;
    this.mostTaskBytes = mostTaskBytes;
  }

  /** Replaces tables only if the lock is still held. */
  public AnalyzeJob under(WarehouseLock held) {
    lock = held;
    return this;
  }

  /**
   * @throws InvalidInputException if the window has no traces, or their shape is not the model's
   * @throws IOException if the storage fails
   */
  public AnalyzeSummary run() throws IOException {
    JavaPairRDD<CountKey, Counts> counts = counts().persist(StorageLevel.MEMORY_AND_DISK());
    try {
      TreeSet<String> days = new TreeSet<>(counts.keys().map(CountKey::day).collect());
      days.remove(CountKey.WINDOW);
      if (days.isEmpty()) {
        throw InvalidInputException.of(
            "traces of " + traces.describe(),
            "the warehouse has none",
            "Check --model, --from and --to, or ingest more traces");
      }
      TrafficDays.warn(model.name(), days);
      Window window = new Window(model.name(), List.copyOf(days), runId);
      progress.say("counted %d days, %s to %s", days.size(), window.from(), window.to());
      SnapshotChange change = new SnapshotChange(traces.warehouse());
      CountTables tables = new CountTables(traces.warehouse(), model, window, change);
      if (lock != null) {
        lock.requireHeld();
      }
      tables.writeExpertLoad(counts);
      progress.say("wrote %s", UsageTables.EXPERT_LOAD.name());
      tables.writeCoactivation(counts);
      progress.say("wrote %s", UsageTables.COACTIVATION.name());
      List<LayerFigures> layers = figures(counts, window);
      SmallTables small = new SmallTables(traces.warehouse(), change);
      small.write(layers, LayerFigures::imbalance, UsageTables.IMBALANCE);
      small.write(layers, LayerFigures::dailyImbalance, UsageTables.DAILY_IMBALANCE);
      small.write(layers, LayerFigures::domainSimilarity, UsageTables.DOMAIN_SIMILARITY);
      small.write(layers, LayerFigures::drift, UsageTables.DRIFT);
      small.write(
          PrefillDecodeRows.of(window, model.experts(), layers), UsageTables.PREFILL_DECODE);
      change.commit();
      progress.say("wrote the other tables");
      return new AnalyzeSummary(model, window, layers);
    } finally {
      counts.unpersist();
    }
  }

  /** The counts from traces; for days without traces, the counts that engines recorded. */
  private JavaPairRDD<CountKey, Counts> counts() throws IOException {
    Optional<Dataset<Row>> loadCounts = traces.loadCounts(spark);
    if (loadCounts.isEmpty()) {
      return traced();
    }
    if (!traces.hasTraces()) {
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
        .reduceByKey(byDay(), Counts::plus);
  }

  private JavaPairRDD<CountKey, Counts> traced() throws IOException {
    int cores = spark.sparkContext().defaultParallelism();
    // The heap of a cluster's executors is not known here; if it is too small, Spark says so.
    int atOnce =
        spark.sparkContext().isLocal()
            ? PairMemory.tasks(model, Runtime.getRuntime().maxMemory(), cores)
            : cores;
    List<List<TableSplit>> tasks = traces.tasks(atOnce, mostTaskBytes);
    int partitions = atOnce < cores ? Math.min(atOnce, tasks.size()) : tasks.size();
    return JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(tasks, Math.max(1, partitions))
        .flatMapToPair(new CountTask(model))
        .reduceByKey(byDay(), Counts::plus);
  }

  private DayPartitioner byDay() {
    return new DayPartitioner(spark.sparkContext().defaultParallelism() * 2);
  }

  private List<LayerFigures> figures(JavaPairRDD<CountKey, Counts> counts, Window window) {
    ModelSpec shape = model;
    List<LayerFigures> layers =
        new ArrayList<>(
            counts
                .filter(entry -> !entry._1().day().equals(CountKey.WINDOW))
                .mapToPair(
                    entry ->
                        new Tuple2<>(
                            entry._1().layer(),
                            new LayerLoads(entry._1().day(), entry._2(), shape.experts())))
                .reduceByKey(LayerLoads::plus)
                .map(layer -> LayerFigures.of(shape, window, layer._1(), layer._2()))
                .collect());
    layers.sort(Comparator.comparingInt(LayerFigures::layer));
    return layers;
  }

  /** The tables that the driver writes. */
  private record SmallTables(String warehouse, SnapshotChange change) {
    <R extends Record> void write(
        List<LayerFigures> layers, Function<LayerFigures, List<R>> rows, TableDefinition<R> table) {
      write(layers.stream().flatMap(layer -> rows.apply(layer).stream()).toList(), table);
    }

    <R extends Record> void write(List<R> rows, TableDefinition<R> table) {
      SmallTable.write(rows, table, warehouse + "/" + table.name(), change);
    }
  }
}
