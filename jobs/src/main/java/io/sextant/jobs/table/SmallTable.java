package io.sextant.jobs.table;

import io.sextant.schema.table.Column;
import io.sextant.schema.table.TableDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.Binary;
import org.apache.spark.sql.Row;

/**
 * Writes rows that the driver holds. A Spark job would take longer to start than they take to
 * write.
 */
public final class SmallTable {

  private SmallTable() {}

  /**
   * Writes rows in their order, one file a partition, in the place of what their partitions held;
   * to a table without partitions they are added.
   *
   * @param rows values in the order of the table's columns
   * @param folder of the table
   */
  public static void write(List<Row> rows, TableDefinition<?> table, String folder) {
    try (PartitionReplacement replacement = PartitionReplacement.begin(folder)) {
      replacement.commit(staged(replacement, rows, table));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@link #write}, beside what the partitions hold. */
  public static void append(List<Row> rows, TableDefinition<?> table, String folder) {
    try (PartitionReplacement replacement = PartitionReplacement.begin(folder)) {
      replacement.add(staged(replacement, rows, table));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> staged(
      PartitionReplacement replacement, List<Row> rows, TableDefinition<?> table)
      throws IOException {
    List<String> files = new ArrayList<>();
    for (Map.Entry<String, List<Row>> partition : byPartition(rows, table).entrySet()) {
      // A name of its own, because other runs' files may come to lie beside it.
      Path file =
          new Path(
              replacement.staging() + partition.getKey(),
              "part-%s.parquet".formatted(UUID.randomUUID()));
      writeFile(file, table, partition.getValue());
      files.add(file.toString());
    }
    return files;
  }

  private static Map<String, List<Row>> byPartition(List<Row> rows, TableDefinition<?> table) {
    Map<String, List<Row>> byPartition = new LinkedHashMap<>();
    int first = table.columns().size() - table.partitionColumns().size();
    for (Row row : rows) {
      StringBuilder path = new StringBuilder();
      for (int c = first; c < table.columns().size(); c++) {
        path.append('/').append(table.columns().get(c).name()).append('=').append(row.get(c));
      }
      byPartition.computeIfAbsent(path.toString(), absent -> new ArrayList<>()).add(row);
    }
    return byPartition;
  }

  private static void writeFile(Path path, TableDefinition<?> table, List<Row> rows)
      throws IOException {
    List<Column> columns = TableSchema.columns(table);
    try (TableFile file = new TableFile(path, table)) {
      for (Row row : rows) {
        for (int c = 0; c < columns.size(); c++) {
          write(file, columns.get(c), row, c);
        }
        file.endRow();
      }
    }
  }

  private static void write(TableFile file, Column column, Row row, int c) throws IOException {
    if (row.isNullAt(c)) {
      file.missing();
      return;
    }
    switch (column.type()) {
      case STRING -> file.text(Binary.fromString(row.getString(c)));
      case INT -> file.smallNumber(row.getInt(c));
      case LONG -> file.number(row.getLong(c));
      case DOUBLE -> file.real(row.getDouble(c));
      case SHORT_ARRAY, LONG_ARRAY, FLOAT_ARRAY ->
          throw new IllegalArgumentException("A small table has no arrays: " + column.name());
    }
  }
}
