package io.sextant.jobs.report;

import io.sextant.jobs.SparkTables;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.table.TableDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** One model's rows of the tables of a warehouse. */
final class WarehouseTables {
  private final SparkSession spark;
  private final String warehouse;
  private final String model;

  /**
   * @throws InvalidInputException where there is no such folder
   */
  WarehouseTables(SparkSession spark, String warehouse, String model) {
    this.spark = spark;
    this.warehouse = warehouse;
    this.model = model;
    if (!exists(new Path(warehouse))) {
      throw InvalidInputException.of(
          warehouse,
          "there is no such warehouse",
          "Give --warehouse the folder that ingest wrote, or run ingest first");
    }
  }

  /**
   * The model's rows, under the types of the definition; missing where the table has not been
   * written or has no row of the model.
   *
   * @param writtenBy the command that writes it, for the note
   */
  Section<Dataset<Row>> rows(TableDefinition table, String writtenBy) {
    Optional<Dataset<Row>> written = SparkTables.read(spark, warehouse, table);
    if (written.isEmpty()) {
      return Section.missing(
          "the warehouse has no table %s; %s writes it".formatted(table.name(), writtenBy));
    }
    Dataset<Row> rows = written.get().where(functions.col("model").equalTo(model));
    if (rows.isEmpty()) {
      return Section.missing(
          "the table %s has no rows of %s; %s writes them"
              .formatted(table.name(), model, writtenBy));
    }
    return Section.of(rows);
  }

  private boolean exists(Path path) {
    try {
      FileSystem files = path.getFileSystem(spark.sparkContext().hadoopConfiguration());
      return files.exists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look at " + path, e);
    }
  }
}
