package io.sextant.notebooks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tables of a warehouse in DuckDB: each folder of Parquet files is a view of the same name, and
 * days stay text.
 */
public final class Warehouse implements AutoCloseable {
  private final Connection connection;

  private Warehouse(Connection connection) {
    this.connection = connection;
  }

  /**
   * Opens the warehouse that SEXTANT_WAREHOUSE names.
   *
   * @throws IllegalStateException where the variable is not set or there are no tables
   */
  public static Warehouse open() throws SQLException {
    String folder = System.getenv("SEXTANT_WAREHOUSE");
    if (folder == null) {
      throw new IllegalStateException(
          "SEXTANT_WAREHOUSE is not set; start the notebooks with bin/notebooks");
    }
    return open(Path.of(folder));
  }

  /** Opens a warehouse. */
  public static Warehouse open(Path folder) throws SQLException {
    Warehouse warehouse = new Warehouse(DriverManager.getConnection("jdbc:duckdb:"));
    List<String> tables = tables(folder);
    if (tables.isEmpty()) {
      throw new IllegalStateException(folder + " has no tables; make them with sextant demo");
    }
    try (Statement statement = warehouse.connection.createStatement()) {
      for (String table : tables) {
        statement.execute(
            "CREATE VIEW %s AS SELECT * FROM read_parquet('%s/%s/**/*.parquet', hive_partitioning=true, hive_types_autocast=false, union_by_name=true)"
                .formatted(table, folder, table));
      }
    }
    return warehouse;
  }

  private static List<String> tables(Path folder) {
    try (Stream<Path> children = Files.list(folder)) {
      return children
          .filter(child -> Files.isDirectory(child) && hasParquet(child))
          .map(child -> child.getFileName().toString())
          .filter(name -> name.matches("[a-z_0-9]+"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean hasParquet(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.anyMatch(file -> file.toString().endsWith(".parquet"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a query and keeps its rows. */
  public Rows query(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      ResultSetMetaData meta = result.getMetaData();
      List<String> columns = new ArrayList<>();
      for (int i = 1; i <= meta.getColumnCount(); i++) {
        columns.add(meta.getColumnLabel(i));
      }
      List<List<Object>> rows = new ArrayList<>();
      while (result.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= columns.size(); i++) {
          row.add(result.getObject(i));
        }
        rows.add(row);
      }
      return new Rows(columns, rows);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
