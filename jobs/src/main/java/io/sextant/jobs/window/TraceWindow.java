package io.sextant.jobs.window;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import io.sextant.jobs.day.DayName;
import io.sextant.jobs.day.DayRange;
import io.sextant.jobs.day.TracedDays;
import io.sextant.jobs.mix.Traffic;
import io.sextant.jobs.snapshot.Snapshots;
import io.sextant.jobs.spark.SparkTables;
import io.sextant.jobs.storage.Storage;
import io.sextant.jobs.table.TableSplit;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.table.TableDefinition;
import io.sextant.schema.table.TraceTables;
import java.io.IOException;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * The traces of one model over some days.
 *
 * @param warehouse folder of the tables
 * @param model name of the model
 * @param from first day, yyyy-MM-dd; null for the first available day
 * @param to last day, yyyy-MM-dd; null for the last available day
 * @param pool the pool for which {@link #rows} returns the rows of each request
 * @param traffic the requests of these days that count
 */
public record TraceWindow(
    String warehouse, String model, String from, String to, Pool pool, Traffic traffic)
    implements Serializable {
  /** All rows of each request. */
  public TraceWindow(String warehouse, String model, String from, String to) {
    this(warehouse, model, from, to, Pool.BOTH);
  }

  /** All requests of these days. */
  public TraceWindow(String warehouse, String model, String from, String to, Pool pool) {
    this(warehouse, model, from, to, pool, Traffic.RECORDED);
  }

  /**
   * @throws InvalidInputException if a day is not written as yyyy-MM-dd, or the first day is after
   *     the last
   */
  public TraceWindow {
    DayName.requireIfGiven(from);
    DayName.requireIfGiven(to);
    if (from != null && to != null && from.compareTo(to) > 0) {
      throw InvalidInputException.of(
          "days " + from + " to " + to,
          "the first day is after the last",
          "Give them in the other order");
    }
  }

  /**
   * All columns of the rows in the window, of the requests that count.
   *
   * @throws InvalidInputException if no traces were ever ingested
   */
  public Dataset<Row> table(SparkSession spark) {
    return traffic.of(
        SparkTables.read(spark, warehouse, TraceTables.TRACES)
            .orElseThrow(this::noTraces)
            .where(inWindow()),
        "domain");
  }

  /**
   * The rows of {@code requests} in the window, of the requests that count; empty if there is no
   * such table.
   */
  Optional<Dataset<Row>> requests(SparkSession spark) {
    return SparkTables.read(spark, warehouse, TraceTables.REQUESTS)
        .map(requests -> traffic.of(requests.where(inWindow()), "label"));
  }

  /** The same days with other traffic. */
  TraceWindow with(Traffic other) {
    return new TraceWindow(warehouse, model, from, to, pool, other);
  }

  /** Whether another window has the same first and last day. */
  boolean hasDaysOf(TraceWindow other) {
    return Objects.equals(from, other.from) && Objects.equals(to, other.to);
  }

  /**
   * The files of the window, divided into tasks for {@link io.sextant.jobs.table.TraceRows}.
   *
   * @param cores number of tasks that run at once
   * @param mostTaskBytes maximum size of a task
   * @throws InvalidInputException if no traces were ever ingested
   */
  public List<List<TableSplit>> tasks(int cores, long mostTaskBytes) throws IOException {
    Path folder = new Path(Storage.path(warehouse), TraceTables.TRACES.name());
    if (!Storage.fileSystem(folder).exists(folder)) {
      throw noTraces();
    }
    return TableSplit.tasks(
        Snapshots.table(warehouse, TraceTables.TRACES.name()),
        model,
        from,
        to,
        cores,
        mostTaskBytes);
  }

  /**
   * @throws InvalidInputException if nothing was ever ingested
   */
  public void requireTable() throws IOException {
    Path root = Storage.path(warehouse);
    for (TableDefinition<?> table : List.of(TraceTables.TRACES, TraceTables.LOAD_COUNTS)) {
      if (Storage.fileSystem(root).exists(new Path(root, table.name()))) {
        return;
      }
    }
    throw noTraces();
  }

  private InvalidInputException noTraces() {
    return InvalidInputException.of(
        warehouse + "/" + TraceTables.TRACES.name(),
        "there are no traces",
        "Run sextant ingest into this warehouse first");
  }

  private Column inWindow() {
    Column inWindow = col("model").equalTo(model);
    if (from != null) {
      inWindow = inWindow.and(col("day").geq(from));
    }
    if (to != null) {
      inWindow = inWindow.and(col("day").leq(to));
    }
    return inWindow;
  }

  /** Whether a day, yyyy-MM-dd, lies in the window. */
  boolean covers(String day) {
    return (from == null || day.compareTo(from) >= 0) && (to == null || day.compareTo(to) <= 0);
  }

  /** Whether the window has requests, recorded in any traffic. */
  public boolean hasTraces() {
    return !recordedDays().isEmpty();
  }

  private NavigableSet<String> recordedDays() {
    return TracedDays.of(warehouse, model, from, to);
  }

  /** The exception that says why {@link #rows} has no rows. */
  public InvalidInputException withoutRows() {
    String traces = "traces of " + describe();
    if (!traffic.isRecorded() && hasTraces()) {
      return InvalidInputException.of(
          traces,
          "no request is left with %s".formatted(traffic.change()),
          "Give more hours or days, or other shares");
    }
    return pool != Pool.BOTH && hasTraces()
        ? InvalidInputException.of(
            traces,
            "they have no %s rows".formatted(pool.label()),
            "Leave out --pool %s, or ingest traces that have such rows".formatted(pool.label()))
        : InvalidInputException.of(
            traces,
            "the warehouse has none",
            "Check --model, --from and --to, or ingest more traces");
  }

  /** The counts of engines in the window, for {@link CountedLayer}; empty if there are none. */
  public Optional<Dataset<Row>> loadCounts(SparkSession spark) {
    Column[] columns = CountedLayer.COLUMNS.stream().map(functions::col).toArray(Column[]::new);
    return SparkTables.read(spark, warehouse, TraceTables.LOAD_COUNTS)
        .map(counts -> counts.where(inWindow()).select(columns))
        .filter(counts -> !counts.isEmpty());
  }

  /** The rows that the pool computes, with the columns that placement needs. */
  public Dataset<RoutingRow> rows(SparkSession spark) {
    return new PoolRows(pool).of(table(spark));
  }

  /**
   * As {@link #rows}, with the prompts of a decode pool's requests: they ran on other GPUs, and
   * their experts are known when the request comes to the pool.
   */
  public Dataset<RoutingRow> rowsWithPrompts(SparkSession spark) {
    return new PoolRows(pool).withPrompts(table(spark));
  }

  /**
   * The day for which a plan is made if it is scored on this window; null if the window has no
   * first day.
   */
  public LocalDate firstDay() {
    return from == null ? null : LocalDate.parse(from);
  }

  /** The first and the last day of the window that have traces. */
  public DayRange days(SparkSession spark) {
    if (!traffic.isRecorded()) {
      return range(table(spark));
    }
    NavigableSet<String> days = recordedDays();
    return days.isEmpty() ? new DayRange(null, null) : new DayRange(days.first(), days.last());
  }

  /** The first and the last day of rows with a column {@code day}. */
  public static DayRange range(Dataset<Row> rows) {
    Row found = rows.agg(min("day").as("first"), max("day").as("last")).first();
    return new DayRange(found.getAs("first"), found.getAs("last"));
  }

  /** The model and the days, for messages. */
  public String describe() {
    return "%s from %s to %s"
        .formatted(model, from == null ? "the first day" : from, to == null ? "the last" : to);
  }
}
