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
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The tables of a warehouse in DuckDB: the files that the newest snapshot names, or each folder of
 * Parquet files, is a view of the same name, and days stay text.
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
      Snapshot snapshot = Snapshot.newest(folder);
      for (String table : tables) {
        Optional<String> files = snapshot.files(warehouse.connection, table);
        if (files.isPresent()) {
          statement.execute(
              "CREATE VIEW %s AS SELECT * FROM read_parquet(%s, hive_partitioning=true, hive_types_autocast=false, union_by_name=true)"
                  .formatted(table, files.get()));
        }
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

  /**
   * Hides the rows of other models, windows and runs, so that no query can add them up: of tables
   * with days, one model's rows stay, from the days of its last analysis, and of tables about plans
   * those of the last run. The model is the one that SEXTANT_MODEL names, else the one that was
   * analysed last.
   *
   * @throws IllegalStateException if nothing was analysed
   */
  public Warehouse lastAnalysis() throws SQLException {
    return lastAnalysis(System.getenv("SEXTANT_MODEL"));
  }

  Warehouse lastAnalysis(String wanted) throws SQLException {
    if (!columns("imbalance").contains("from_day")) {
      throw new IllegalStateException("nothing was analysed; run sextant analyze");
    }
    String model =
        text(
            "SELECT arg_max(model, run_id) FROM imbalance"
                + (wanted == null ? "" : " WHERE model = '%s'".formatted(wanted)));
    if (model == null) {
      throw new IllegalStateException("model " + wanted + " was not analysed");
    }
    String of = "model = '%s'".formatted(model);
    String to = text("SELECT max(to_day) FROM imbalance WHERE " + of);
    String from =
        text("SELECT min(from_day) FROM imbalance WHERE %s AND to_day = '%s'".formatted(of, to));
    String run =
        columns("placement_metrics").isEmpty()
            ? null
            : text("SELECT max_by(run_id, day || run_id) FROM placement_metrics WHERE " + of);
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA shown");
      for (String table : tables()) {
        List<String> columns = columns(table);
        if (columns.contains("day")) {
          statement.execute(
              "CREATE VIEW shown.%s AS SELECT * FROM main.%s WHERE %s AND %s"
                  .formatted(table, table, of, scope(columns, from, to, run)));
        }
      }
      statement.execute("SET search_path = 'shown,main'");
    }
    return this;
  }

  /**
   * Hides the rows of plans that cannot be compared with those of the last run: other models,
   * clusters, serving profiles and scored days. Of a plan with the same name and number of slots,
   * the rows of its last run stay. Does nothing if no plan was made. The model is the one that
   * SEXTANT_MODEL names, else that of the last run.
   *
   * @throws IllegalStateException if the tables are of a version before 0.2.0
   */
  public Warehouse comparablePlans() throws SQLException {
    return comparablePlans(System.getenv("SEXTANT_MODEL"));
  }

  Warehouse comparablePlans(String wanted) throws SQLException {
    List<String> scores = columns("placement_metrics");
    if (scores.isEmpty()) {
      return this;
    }
    if (!scores.containsAll(List.of("cluster", "slots", "serving"))) {
      throw new IllegalStateException(
          "the plans of this warehouse do not name their cluster and slots; run sextant upgrade");
    }
    String plans =
        wanted == null
            ? "main.placement_metrics"
            : "(SELECT * FROM main.placement_metrics WHERE model = '%s')".formatted(wanted);
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA shown");
      statement.execute(
          """
          CREATE TABLE shown.comparable AS
          WITH plans AS (SELECT DISTINCT model, cluster, serving, from_day, to_day, day, plan, slots, run_id FROM %s),
          last AS (SELECT DISTINCT model, cluster, serving, from_day, to_day, day FROM plans WHERE run_id = (SELECT max(run_id) FROM plans))
          SELECT plan, slots, max(run_id) AS run_id FROM plans JOIN last
          ON plans.model = last.model AND plans.day = last.day AND plans.cluster IS NOT DISTINCT FROM last.cluster
          AND plans.serving IS NOT DISTINCT FROM last.serving AND plans.from_day IS NOT DISTINCT FROM last.from_day
          GROUP BY plan, slots"""
              .formatted(plans));
      for (String table : tables()) {
        if (columns(table).containsAll(List.of("plan", "slots", "run_id"))) {
          statement.execute(
              """
              CREATE VIEW shown.%1$s AS SELECT t.* FROM main.%1$s t SEMI JOIN shown.comparable c
              ON t.plan = c.plan AND t.run_id = c.run_id AND t.slots IS NOT DISTINCT FROM c.slots"""
                  .formatted(table));
        }
      }
      statement.execute("SET search_path = 'shown,main'");
    }
    return this;
  }

  private static String scope(List<String> columns, String from, String to, String run) {
    if (columns.contains("plan") || columns.contains("plan_id")) {
      return "run_id = '%s'".formatted(run);
    }
    if (columns.contains("from_day")) {
      return "from_day = '%s' AND to_day = '%s'".formatted(from, to);
    }
    return columns.contains("day_a")
        ? "day_a >= '%s' AND day_b <= '%s'".formatted(from, to)
        : "day BETWEEN '%s' AND '%s'".formatted(from, to);
  }

  private List<String> tables() throws SQLException {
    return query(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main'"
                + " ORDER BY table_name")
        .rows()
        .stream()
        .map(row -> row.get(0).toString())
        .toList();
  }

  private List<String> columns(String table) throws SQLException {
    return query(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'main' AND table_name = '%s'"
                .formatted(table))
        .rows()
        .stream()
        .map(row -> row.get(0).toString())
        .toList();
  }

  /** The single value of a query as text; null if it is null or if there is no such table. */
  public String text(String sql) throws SQLException {
    List<List<Object>> rows = query(sql).rows();
    Object value = rows.isEmpty() ? null : rows.get(0).get(0);
    return value == null ? null : value.toString();
  }

  /** Runs a query and keeps its rows; without the table, keeps which command would write it. */
  public Rows query(String sql) throws SQLException {
    try {
      return run(sql);
    } catch (SQLException e) {
      return Rows.unavailable(AbsentTable.reason(e).orElseThrow(() -> e));
    }
  }

  private Rows run(String sql) throws SQLException {
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
