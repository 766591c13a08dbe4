package io.sextant.jobs.report.figures;

import io.sextant.jobs.report.data.Section;
import io.sextant.jobs.spark.SparkTables;
import io.sextant.jobs.storage.Storage;
import io.sextant.jobs.table.TypedRows;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.table.RunTables;
import io.sextant.schema.table.RunTables.RunRow;
import io.sextant.schema.table.TableDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** One model's rows of the tables of a warehouse. */
public final class WarehouseTables {
  private final SparkSession spark;
  private final String warehouse;
  private final String model;

  /**
   * @throws InvalidInputException if there is no such folder
   */
  public WarehouseTables(SparkSession spark, String warehouse, String model) {
    this.spark = spark;
    this.warehouse = warehouse;
    this.model = model;
    if (!exists(Storage.path(warehouse))) {
      throw InvalidInputException.of(
          warehouse,
          "there is no such warehouse",
          "Give --warehouse the folder that ingest wrote, or run ingest first");
    }
  }

  /**
   * The result of a query on the model's rows of a table; missing if the table has not been written
   * or the result is empty.
   *
   * @param writtenBy the command that writes it, for the note
   * @param row record whose components are the columns to read
   */
  <R extends Record> Section<List<R>> collect(
      TableDefinition<?> table, String writtenBy, Class<R> row, UnaryOperator<Dataset<Row>> query) {
    Optional<Dataset<Row>> written = SparkTables.read(spark, warehouse, table);
    if (written.isEmpty()) {
      return Section.missing(
          "the warehouse has no table %s; %s writes it".formatted(table.name(), writtenBy));
    }
    List<R> rows =
        TypedRows.of(row)
            .collect(query.apply(written.get().where(functions.col("model").equalTo(model))));
    return rows.isEmpty()
        ? Section.missing(
            "the table %s has no such rows of %s; %s writes them"
                .formatted(table.name(), model, writtenBy))
        : Section.of(rows);
  }

  /** The record of a run; empty if there is none, as for a run that has not ended. */
  public Optional<RecordedRun> run(String runId) {
    return SparkTables.read(spark, warehouse, RunTables.RUNS)
        .map(runs -> runs.where(functions.col("run_id").equalTo(runId)))
        .flatMap(runs -> TypedRows.of(RunRow.class).collect(runs).stream().findFirst())
        .map(RecordedRun::of);
  }

  private boolean exists(Path path) {
    try {
      FileSystem files = Storage.fileSystem(path);
      return files.exists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look at " + path, e);
    }
  }
}
