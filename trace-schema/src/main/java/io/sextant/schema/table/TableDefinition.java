package io.sextant.schema.table;

import java.util.List;

/**
 * A Parquet table of the warehouse: the folder {@code name} with one folder per value of each
 * partition column.
 *
 * @param <R> the record that holds a row
 * @param row the record's class. Its components are the columns in order, with the names that
 *     {@link Column#component()} gives; the type of a nullable column's component can be null
 * @param name the name of the table and its folder
 * @param description the meaning of a row
 * @param partitionColumns names of the columns that the folders are named after, outermost first
 * @param columns all columns, the partition columns last
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
