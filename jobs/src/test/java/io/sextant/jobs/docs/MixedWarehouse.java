package io.sextant.jobs.docs;

import io.sextant.schema.table.TableDefinition;
import io.sextant.schema.table.Tables;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The tables of a warehouse in DuckDB, once as they are and once with the same rows added again for
 * another model, another window, another number of slots and an earlier run.
 */
final class MixedWarehouse implements AutoCloseable {
  private static final String OTHER = "another";
  private static final String EARLY_DAY = "2026-08-01";

  private final Connection connection = DriverManager.getConnection("jdbc:duckdb:");

  MixedWarehouse(Path folder) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA plain");
      statement.execute("CREATE SCHEMA mixed");
      for (TableDefinition<?> table : Tables.all()) {
        statement.execute(
            "CREATE TABLE plain.%s AS SELECT * FROM read_parquet('%s/%s/**/*.parquet', hive_partitioning=true, hive_types_autocast=false, union_by_name=true)"
                .formatted(table.name(), folder, table.name()));
        String rows = "SELECT * FROM plain." + table.name();
        List<String> parts = new ArrayList<>(List.of(rows));
        if (has(table, "model")) {
          parts.add(replacing(table, "'%s' AS model".formatted(OTHER)));
        }
        if (has(table, "day")) {
          parts.add(replacing(table, otherDays(table)));
        }
        if (has(table, "slots")) {
          parts.add(replacing(table, "999 AS slots, '%s' AS run_id".formatted(OTHER)));
        }
        statement.execute(
            "CREATE VIEW mixed.%s AS %s"
                .formatted(table.name(), String.join(" UNION ALL BY NAME ", parts)));
      }
    }
  }

  private static String otherDays(TableDefinition<?> table) {
    StringBuilder days = new StringBuilder("'%s' AS day".formatted(EARLY_DAY));
    for (String column : List.of("from_day", "to_day", "day_a", "day_b")) {
      if (has(table, column)) {
        days.append(", '%s' AS %s".formatted(EARLY_DAY, column));
      }
    }
    return days + ", '%s' AS run_id".formatted(OTHER);
  }

  private static String replacing(TableDefinition<?> table, String values) {
    return "SELECT * REPLACE (%s) FROM plain.%s".formatted(values, table.name());
  }

  private static boolean has(TableDefinition<?> table, String column) {
    return table.columns().stream().anyMatch(candidate -> candidate.name().equals(column));
  }

  List<String> rowsOfPlain(String query) throws SQLException {
    return rows("plain", query);
  }

  /** The rows, without those that name another model, slots or day themselves. */
  List<String> rowsOfMixed(String query) throws SQLException {
    return rows("mixed", query);
  }

  private List<String> rows(String schema, String query) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET schema = '%s'".formatted(schema));
      try (ResultSet result = statement.executeQuery(query)) {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
          StringBuilder row = new StringBuilder();
          boolean added = false;
          for (int i = 1; i <= columns; i++) {
            String value = value(result.getObject(i));
            String name = result.getMetaData().getColumnLabel(i);
            added |= value.equals(OTHER) && name.equals("model");
            added |= value.equals("999") && name.equals("slots");
            added |= value.equals(EARLY_DAY) && name.equals("from_day");
            row.append(value).append(' ');
          }
          if (!added) {
            rows.add(row.toString());
          }
        }
      }
    }
    rows.sort(null);
    return rows;
  }

  /** Sums of floating-point numbers depend on the order in which rows arrive. */
  private static String value(Object value) {
    return value instanceof Double number
        ? String.format(Locale.ROOT, "%.6f", number)
        : String.valueOf(value);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
