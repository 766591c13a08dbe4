package io.sextant.jobs.report;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.table.Column;
import io.sextant.schema.table.TableDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** One model's rows of the tables of a warehouse. */
final class WarehouseTables {
  private final SparkSession spark;
  private final Path warehouse;
  private final String model;

  /**
   * @throws InvalidInputException where there is no such folder
   */
  WarehouseTables(SparkSession spark, String warehouse, String model) {
    this.spark = spark;
    this.warehouse = new Path(warehouse);
    this.model = model;
    if (!exists(this.warehouse)) {
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
    Path folder = new Path(warehouse, table.name());
    if (!exists(folder)) {
      return Section.missing(
          "the warehouse has no table %s; %s writes it".formatted(table.name(), writtenBy));
    }
    // With the schema given Spark neither guesses that a day is a date nor fails on an empty folder.
    Dataset<Row> rows =
        spark
            .read()
            .schema(schema(table))
            .parquet(folder.toString())
            .where(functions.col("model").equalTo(model));
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

  private static StructType schema(TableDefinition table) {
    StructType schema = new StructType();
    for (Column column : table.columns()) {
      schema = schema.add(column.name(), type(column), true);
    }
    return schema;
  }

  private static DataType type(Column column) {
    return switch (column.type()) {
      case STRING -> DataTypes.StringType;
      case INT -> DataTypes.IntegerType;
      case LONG -> DataTypes.LongType;
      case DOUBLE -> DataTypes.DoubleType;
      case SHORT_ARRAY -> DataTypes.createArrayType(DataTypes.ShortType);
    };
  }
}
