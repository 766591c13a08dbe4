package io.sextant.notebooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarehouseTest {
  @TempDir private Path folder;

  /** Two models, two windows of one of them, and two runs over the same day. */
  @BeforeEach
  void write() throws SQLException {
    write(
        "imbalance",
        "model, day, from_day, to_day, run_id, max_over_mean",
        "('a', '2026-01-07', '2026-01-01', '2026-01-07', 'r1', 1.0)",
        "('a', '2026-01-08', '2026-01-02', '2026-01-08', 'r3', 2.0)",
        "('b', '2026-01-09', '2026-01-09', '2026-01-09', 'r2', 4.0)");
    write(
        "expert_load",
        "model, day, tokens",
        "('a', '2026-01-01', 1)",
        "('a', '2026-01-02', 10)",
        "('a', '2026-01-08', 100)",
        "('b', '2026-01-08', 1000)");
    write(
        "placement_metrics",
        "model, day, run_id, plan, slots",
        "('a', '2026-01-08', 'r4', 'sextant', 128)",
        "('a', '2026-01-08', 'r5', 'sextant', 160)",
        "('b', '2026-01-09', 'r6', 'sextant', 288)");
    write("drift", "model, day, day_a, day_b", "('a', '2026-01-08', '2026-01-01', '2026-01-08')");
  }

  private void write(String table, String columns, String... rows) throws SQLException {
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      statement.execute(
          "COPY (SELECT * FROM (VALUES %s) t(%s)) TO '%s/%s' (FORMAT parquet, PARTITION_BY (model, day))"
              .formatted(String.join(", ", rows), columns, folder, table));
    }
  }

  @Test
  void showsOneModelOneWindowAndOneRun() throws Exception {
    try (Warehouse warehouse = Warehouse.open(folder).lastAnalysis(null)) {
      assertThat(warehouse.text("SELECT sum(max_over_mean) FROM imbalance")).isEqualTo("2.0");
      assertThat(warehouse.text("SELECT sum(tokens) FROM expert_load")).isEqualTo("110");
      assertThat(warehouse.text("SELECT max(slots) FROM placement_metrics")).isEqualTo("160");
      assertThat(warehouse.text("SELECT count(*) FROM placement_metrics")).isEqualTo("1");
      assertThat(warehouse.text("SELECT count(*) FROM drift")).isEqualTo("0");
    }
  }

  @Test
  void showsTheModelThatIsNamed() throws Exception {
    try (Warehouse warehouse = Warehouse.open(folder).lastAnalysis("b")) {
      assertThat(warehouse.text("SELECT sum(max_over_mean) FROM imbalance")).isEqualTo("4.0");
      assertThat(warehouse.text("SELECT max(slots) FROM placement_metrics")).isEqualTo("288");
    }
    try (Warehouse warehouse = Warehouse.open(folder)) {
      assertThatThrownBy(() -> warehouse.lastAnalysis("c"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("model c was not analysed");
    }
  }

  @Test
  void showsPlansThatCanBeCompared() throws Exception {
    Path plans = folder.resolve("plans");
    writePlans(
        plans,
        "('a', 'c', 's', '2026-01-07', '2026-01-08', '2026-01-08', 'r1', 'sextant', 128, 1.0)",
        "('a', 'c', 's', '2026-01-07', '2026-01-08', '2026-01-08', 'r2', 'sextant', 160, 2.0)",
        "('a', 'c', 's', '2026-01-07', '2026-01-08', '2026-01-08', 'r3', 'sextant', 160, 3.0)",
        "('a', 'c', 's', '2026-01-07', '2026-01-08', '2026-01-08', 'r3', 'linear', 160, 4.0)",
        "('a', 'c', 't', '2026-01-07', '2026-01-08', '2026-01-08', 'r2', 'sextant', 192, 5.0)",
        "('a', 'd', 's', '2026-01-07', '2026-01-08', '2026-01-08', 'r2', 'sextant', 192, 6.0)",
        "('a', 'c', 's', '2026-01-06', '2026-01-07', '2026-01-07', 'r2', 'sextant', 192, 7.0)",
        "('b', 'c', 's', '2026-01-07', '2026-01-08', '2026-01-08', 'r0', 'sextant', 256, 8.0)");
    String micros = "SELECT string_agg(micros, ' ' ORDER BY micros) FROM placement_metrics";
    try (Warehouse warehouse = Warehouse.open(plans).comparablePlans(null)) {
      assertThat(warehouse.text(micros)).isEqualTo("1.0 3.0 4.0");
    }
    try (Warehouse warehouse = Warehouse.open(plans).comparablePlans("b")) {
      assertThat(warehouse.text(micros)).isEqualTo("8.0");
    }
  }

  /** Rows written before version 0.3.0 do not name their cluster, slots and scored days. */
  @Test
  void showsPlansOfAnOlderVersion() throws Exception {
    Path plans = folder.resolve("plans");
    writePlans(
        plans,
        "('a', CAST(NULL AS VARCHAR), 's', CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), '2026-01-08', 'r1', 'linear', CAST(NULL AS INTEGER), 1.0)");
    try (Warehouse warehouse = Warehouse.open(plans).comparablePlans(null)) {
      assertThat(warehouse.text("SELECT micros FROM placement_metrics")).isEqualTo("1.0");
    }
  }

  @Test
  void saysWhichCommandWritesATableThatIsNotThere() throws Exception {
    try (Warehouse warehouse = Warehouse.open(folder)) {
      assertThatThrownBy(() -> warehouse.comparablePlans(null))
          .hasMessage(
              "the plans of this warehouse do not name their cluster and slots; run sextant"
                  + " upgrade");
      assertThat(warehouse.query("SELECT verdict FROM decisions").toString())
          .contains(
              "Not available: the warehouse has no table decisions, which sextant solve --current"
                  + " or refresh writes.");
      assertThat(warehouse.text("SELECT max(model) FROM kernel_runs")).isNull();
      assertThatThrownBy(() -> warehouse.query("SELECT 1 FROM nothing"))
          .isInstanceOf(SQLException.class);
    }
  }

  private void writePlans(Path warehouse, String... rows) throws SQLException, IOException {
    Files.createDirectories(warehouse);
    write(
        "plans/placement_metrics",
        "model, cluster, serving, from_day, to_day, day, run_id, plan, slots, micros",
        rows);
  }

  /** A notebook runs on any warehouse: it names no model, layer or number of experts. */
  @Test
  void notebooksNameNoModelLayerOrNumber() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(""))) {
      List<Path> notebooks =
          files.filter(file -> file.toString().endsWith(".ipynb")).sorted().toList();
      assertThat(notebooks).hasSizeGreaterThanOrEqualTo(5);
      for (Path notebook : notebooks) {
        String source = Files.readString(notebook);
        assertThat(source)
            .as(notebook.toString())
            .doesNotContainPattern("layer (=|IN) \\(?[0-9]")
            .doesNotContainPattern("(model|site) (=|IN|LIKE) \\(?'[a-z]")
            .doesNotContain("domain IN ('")
            .doesNotContainPattern("ep_size (=|IN) \\(?[0-9]")
            .doesNotContainPattern(" / (32|64|128|256)\\b");
        assertThat(
                source.contains("lastAnalysis()")
                    || source.contains("comparablePlans()")
                    || source.contains("precision_sites"))
            .as(notebook.toString())
            .isTrue();
      }
    }
  }
}
