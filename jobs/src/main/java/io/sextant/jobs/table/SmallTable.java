package io.sextant.jobs.table;

import io.sextant.jobs.snapshot.SnapshotChange;
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

/**
 * Writes records that the driver holds. A Spark job would take longer to start than they take to
 * write.
 */
public final class SmallTable {

  private SmallTable() {}

  /**
   * Writes rows in their order, one file per partition, replacing the content of the partitions.
   * Rows of a table without partitions are added.
   *
   * @param folder the folder of the table
   */
  public static <R extends Record> void write(
      List<R> rows, TableDefinition<R> table, String folder) {
    try (PartitionReplacement replacement = PartitionReplacement.begin(folder)) {
      replacement.commit(staged(replacement, rows, table, uniqueName()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Like {@link #write(List, TableDefinition, String)}, as a part of a snapshot.
   *
   * @param change receives the change of the table
   */
  public static <R extends Record> void write(
      List<R> rows, TableDefinition<R> table, String folder, SnapshotChange change) {
    try (PartitionReplacement replacement = PartitionReplacement.begin(folder)) {
      replacement.commit(staged(replacement, rows, table, uniqueName()), change);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Like {@link #write(List, TableDefinition, String)}, but adds to the partitions. */
  public static <R extends Record> void append(
      List<R> rows, TableDefinition<R> table, String folder) {
    try (PartitionReplacement replacement = PartitionReplacement.begin(folder)) {
      replacement.add(staged(replacement, rows, table, uniqueName()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Like {@link #write(List, TableDefinition, String)}, but replaces only the file of the same name
   * in each partition, so that rows which other runs wrote to the partition stay.
   *
   * @param name says what the rows are about; letters, digits, hyphens
   */
  public static <R extends Record> void replace(
      List<R> rows, TableDefinition<R> table, String folder, String name) {
    try (PartitionReplacement replacement = PartitionReplacement.begin(folder)) {
      replacement.replaceFiles(staged(replacement, rows, table, name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A unique name, because other runs may write files to the same folder. */
  private static String uniqueName() {
    return UUID.randomUUID().toString();
  }

  private static <R extends Record> List<String> staged(
      PartitionReplacement replacement, List<R> rows, TableDefinition<R> table, String name)
      throws IOException {
    List<String> files = new ArrayList<>();
    for (Map.Entry<String, List<Object[]>> partition : byPartition(rows, table).entrySet()) {
      Path file =
          new Path(replacement.staging() + partition.getKey(), "part-%s.parquet".formatted(name));
      writeFile(file, table, partition.getValue());
      files.add(file.toString());
    }
    return files;
  }

  private static <R extends Record> Map<String, List<Object[]>> byPartition(
      List<R> rows, TableDefinition<R> table) {
    Map<String, List<Object[]>> byPartition = new LinkedHashMap<>();
    TypedRows<R> typed = TypedRows.of(table.row());
    int first = table.columns().size() - table.partitionColumns().size();
    for (R row : rows) {
      Object[] values = typed.values(row);
      StringBuilder path = new StringBuilder();
      for (int c = first; c < values.length; c++) {
        path.append('/').append(table.columns().get(c).name()).append('=').append(values[c]);
      }
      byPartition.computeIfAbsent(path.toString(), absent -> new ArrayList<>()).add(values);
    }
    return byPartition;
  }

  private static void writeFile(Path path, TableDefinition<?> table, List<Object[]> rows)
      throws IOException {
    List<Column> columns = TableSchema.columns(table);
    try (TableFile file = new TableFile(path, table)) {
      for (Object[] row : rows) {
        for (int c = 0; c < columns.size(); c++) {
          write(file, columns.get(c), row[c]);
        }
        file.endRow();
      }
    }
  }

  private static void write(TableFile file, Column column, Object value) throws IOException {
    if (value == null) {
      file.missing();
      return;
    }
    switch (column.type()) {
      case STRING -> file.text(Binary.fromString((String) value));
      case INT -> file.smallNumber((Integer) value);
      case LONG -> file.number((Long) value);
      case DOUBLE -> file.real((Double) value);
      case SHORT_ARRAY, INT_ARRAY, LONG_ARRAY, FLOAT_ARRAY ->
          throw new IllegalArgumentException("A small table has no arrays: " + column.name());
    }
  }
}
