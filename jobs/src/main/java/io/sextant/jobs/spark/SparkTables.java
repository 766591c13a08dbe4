package io.sextant.jobs.spark;

import static org.apache.spark.sql.functions.col;

import io.sextant.jobs.snapshot.Snapshots;
import io.sextant.jobs.snapshot.TableView;
import io.sextant.jobs.storage.Storage;
import io.sextant.jobs.table.TypedRows;
import io.sextant.schema.table.Column;
import io.sextant.schema.table.TableDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Reads and writes the warehouse's tables with Spark. */
public final class SparkTables {

  private SparkTables() {}

  /** Spark's schema of a table. */
  public static StructType schema(TableDefinition<?> table) {
    StructType schema = new StructType();
    for (Column column : table.columns()) {
      schema = schema.add(column.name(), type(column), column.nullable());
    }
    return schema;
  }

  private static DataType type(Column column) {
    return switch (column.type()) {
      case STRING -> DataTypes.StringType;
      case INT -> DataTypes.IntegerType;
      case LONG -> DataTypes.LongType;
      case DOUBLE -> DataTypes.DoubleType;
      case INT_ARRAY -> DataTypes.createArrayType(DataTypes.IntegerType, false);
      case LONG_ARRAY -> DataTypes.createArrayType(DataTypes.LongType, false);
      case FLOAT_ARRAY -> DataTypes.createArrayType(DataTypes.FloatType, false);
      case SHORT_ARRAY -> DataTypes.createArrayType(DataTypes.ShortType, false);
    };
  }

  /** The table in the newest snapshot; empty if no run has written it. */
  public static Optional<Dataset<Row>> read(
      SparkSession spark, String warehouse, TableDefinition<?> table) {
    TableView view;
    try {
      view = Snapshots.table(warehouse, table.name());
      Path folder = view.folder();
      FileSystem fileSystem = Storage.fileSystem(folder);
      FileStatus[] children =
          fileSystem.exists(folder) ? fileSystem.listStatus(folder) : new FileStatus[0];
      if (children.length == 0) {
        return Optional.empty();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Dataset<Row> rows = reader(spark).schema(schema(table)).parquet(view.folder().toString());
    return view.names()
        .map(names -> rows.where(col("_metadata.file_name").isin(names.toArray())))
        .or(() -> Optional.of(rows));
  }

  /** Reads paths literally: by default Spark interprets {@code *} and {@code [} as patterns. */
  public static DataFrameReader reader(SparkSession spark) {
    return spark.read().option("__globPaths__", "false");
  }

  /**
   * Writes a table's rows sorted within their partitions. Sorting by the partition columns first
   * avoids Spark's own sort, which would change the order.
   */
  public static <R extends Record> void writeSorted(
      SparkSession spark,
      JavaRDD<R> rows,
      TableDefinition<R> table,
      String folder,
      String first,
      String... then) {
    Class<R> row = table.row();
    spark
        .createDataFrame(rows.map(record -> TypedRows.of(row).toRow(record)), schema(table))
        .sortWithinPartitions(first, then)
        .write()
        .mode(SaveMode.Overwrite)
        .partitionBy(table.partitionColumns().toArray(new String[0]))
        .parquet(Storage.path(folder).toString());
  }
}
