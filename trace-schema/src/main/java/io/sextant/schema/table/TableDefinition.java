package io.sextant.schema.table;

import java.util.List;

/**
 * A Parquet table of the warehouse: the folder {@code name}, in it a folder for each value of each
 * partition column.
 *
 * @param <R> the record that holds a row
 * @param row the record's class; its components are the columns in their order, named as {@link
 *     Column#component()} says, of a type that can be null if the column can
 * @param name the name of the table and its folder
 * @param description what a row is
 * @param partitionColumns names of the columns that make the folders, outermost first
 * @param columns all columns, those of the partitions last
 */
public record TableDefinition<R extends Record>(
    Class<R> row,
    String name,
    String description,
    List<String> partitionColumns,
    List<Column> columns) {

  public TableDefinition {
    partitionColumns = List.copyOf(partitionColumns);
    columns = List.copyOf(columns);
    for (String partition : partitionColumns) {
      if (columns.stream().noneMatch(column -> column.name().equals(partition))) {
        throw new IllegalArgumentException(
            "Table %s has no column for its partition %s".formatted(name, partition));
      }
    }
  }

  /**
   * @throws IllegalArgumentException if there is no such column
   */
  public Column column(String column) {
    return columns.stream()
        .filter(candidate -> candidate.name().equals(column))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException("Table %s has no column %s".formatted(name, column)));
  }
}
