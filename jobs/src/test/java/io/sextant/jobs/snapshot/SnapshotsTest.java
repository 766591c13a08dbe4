package io.sextant.jobs.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.jobs.TestPacks;
import io.sextant.jobs.TestSpark;
import io.sextant.jobs.analyze.AnalyzeJob;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.ingest.TestWarehouse;
import io.sextant.jobs.spark.SparkTables;
import io.sextant.jobs.table.SmallTable;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.notebooks.Warehouse;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.table.TableDefinition;
import io.sextant.schema.table.TraceTables;
import io.sextant.schema.table.UsageTables;
import io.sextant.schema.table.UsageTables.DriftRow;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.pack.SextantPackWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Encoders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotsTest {
  private static final ModelSpec MODEL = ModelSpecs.load("sextant-128x8");
  private static final int ROUNDS = 3;

  /** The tables that must always show the same command. */
  private static final List<TableDefinition<?>> TABLES =
      List.of(
          TraceTables.TRACES,
          TraceTables.REQUESTS,
          TraceTables.FILES,
          UsageTables.EXPERT_LOAD,
          UsageTables.IMBALANCE,
          UsageTables.DAILY_IMBALANCE,
          UsageTables.PREFILL_DECODE,
          UsageTables.COACTIVATION,
          UsageTables.DRIFT);

  @TempDir private Path folder;

  @Test
  void aPollingReaderSeesWholeCommandsOnly() throws Exception {
    ingest(0);
    analyze("run-0");
    Set<List<Long>> seen = new HashSet<>();
    Set<List<Long>> states = new HashSet<>(Set.of(rows()));
    AtomicBoolean done = new AtomicBoolean();
    List<Exception> failures = new ArrayList<>();
    Thread poller =
        new Thread(
            () -> {
              while (!done.get()) {
                try {
                  seen.add(rows());
                } catch (IOException | RuntimeException e) {
                  failures.add(e);
                  return;
                }
              }
            });
    poller.start();
    for (int round = 1; round <= ROUNDS; round++) {
      ingest(round);
      states.add(rows());
      analyze("run-" + round);
      states.add(rows());
    }
    done.set(true);
    poller.join();
    assertThat(failures).isEmpty();
    assertThat(states).hasSizeGreaterThan(ROUNDS);
    assertThat(states).containsAll(seen);
    assertThat(seen.size()).isGreaterThan(ROUNDS);
  }

  @Test
  void aCommandThatDiesLeavesTheTablesAsTheyWere() throws Exception {
    ingest(0);
    ingest(1);
    analyze("whole");
    List<Long> before = rows();
    List<DriftRow> none = List.of(drift("died"));
    SmallTable.write(none, UsageTables.DRIFT, table("drift"), new SnapshotChange(warehouse()));
    assertThat(runs(table("drift"))).containsExactly("died");
    assertThat(rows()).isEqualTo(before);
    assertThat(
            SparkTables.read(TestSpark.session(), warehouse(), UsageTables.DRIFT)
                .orElseThrow()
                .where("run_id = 'died'")
                .isEmpty())
        .isTrue();
    try (Warehouse duckDb = Warehouse.open(Path.of(warehouse()))) {
      assertThat(duckDb.text("SELECT max(run_id) FROM drift")).isNull();
      assertThat(duckDb.text("SELECT max(run_id) FROM imbalance")).isEqualTo("whole");
    }
  }

  @Test
  void aWarehouseOfAnEarlierVersionIsTakenOver() throws Exception {
    ingest(0);
    analyze("first");
    List<Long> before = rows();
    delete(Path.of(warehouse(), "_snapshots"));
    assertThat(rows()).isEqualTo(before);
    TestWarehouse.ingest(
        TestSpark.session(), Path.of(warehouse()), MODEL, TestPacks.cut(folder, "day08", 2));
    assertThat(rows().get(1)).isEqualTo(2 * before.get(1));
    analyze("second");
    assertThat(
            SparkTables.read(TestSpark.session(), warehouse(), UsageTables.IMBALANCE)
                .orElseThrow()
                .select("run_id")
                .distinct()
                .as(Encoders.STRING())
                .collectAsList())
        .containsExactlyInAnyOrder("first", "second");
  }

  @Test
  void oldSnapshotsExpireWithTheirFiles() throws Exception {
    ingest(0);
    analyze("first");
    Path snapshots = Path.of(warehouse(), "_snapshots");
    List<Path> old = files(snapshots);
    Instant then = Instant.now().minus(SnapshotFolder.KEPT.plus(Duration.ofDays(2)));
    for (Path file : old) {
      if (file.getParent().equals(snapshots)) {
        String json = Files.readString(file);
        String at = new ObjectMapper().readTree(json).get("committed").textValue();
        Files.writeString(file, json.replace(at, then.toString()));
      }
      Files.setLastModifiedTime(file, FileTime.from(then));
    }
    analyze("second");
    List<Path> left = files(snapshots);
    List<Path> kept = left.stream().filter(file -> file.toString().contains("/data/")).toList();
    assertThat(left.stream().filter(file -> file.getParent().equals(snapshots))).hasSize(1);
    assertThat(kept).isNotEmpty().doesNotContainAnyElementsOf(old);
    assertThat(rows().get(4)).isPositive();
  }

  /** The time-travel query of docs/sql.md. */
  @Test
  void anEarlierStateCanBeRead() throws Exception {
    ingest(0);
    analyze("tuesday");
    Instant tuesday = Instant.now();
    ingest(1);
    analyze("friday");
    String page = Files.readString(TestPacks.samples().resolve("../docs/sql.md"));
    String query = page.substring(page.indexOf("    SET VARIABLE"), page.indexOf("    -- then"));
    query =
        query.replace("/warehouse", warehouse()).replace("2026-11-24 18:00", tuesday.toString());
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      for (String part : query.split(";", -1)) {
        if (!part.isBlank()) {
          statement.execute(part);
        }
      }
      try (ResultSet rows = statement.executeQuery("SELECT DISTINCT run_id FROM imbalance_then")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(1)).isEqualTo("tuesday");
        assertThat(rows.next()).isFalse();
      }
    }
  }

  private static DriftRow drift(String run) {
    return new DriftRow(
        1, "all", "2026-09-13", "2026-09-13", 1.0, 0.0, 0.0, run, MODEL.name(), day());
  }

  private static String day() {
    return "2026-09-13";
  }

  private Set<String> runs(String table) {
    return new HashSet<>(
        SparkTables.reader(TestSpark.session())
            .parquet(table)
            .select("run_id")
            .distinct()
            .as(Encoders.STRING())
            .collectAsList());
  }

  /** Ingests two requests of their own. */
  private void ingest(int round) throws Exception {
    List<RequestTrace> all =
        TestPacks.read(TestPacks.samples().resolve("day07.safetensors.zst"), MODEL);
    Path pack = folder.resolve("pack" + round + ".safetensors.zst");
    SextantPackWriter.writeZstd(pack, MODEL, all.subList(2 * round, 2 * round + 2));
    TestWarehouse.ingest(TestSpark.session(), Path.of(warehouse()), MODEL, pack);
  }

  private void analyze(String run) throws IOException {
    TraceWindow window = new TraceWindow(warehouse(), MODEL.name(), null, null);
    new AnalyzeJob(TestSpark.session(), MODEL, window, run, new Progress()).run();
  }

  /** The rows of each table in one snapshot, or in the folders if there is none. */
  private List<Long> rows() throws IOException {
    SnapshotFolder snapshots = new SnapshotFolder(warehouse());
    Snapshot snapshot = snapshots.newest();
    List<Long> rows = new ArrayList<>();
    for (TableDefinition<?> table : TABLES) {
      String list = snapshot.lists().get(table.name());
      List<Path> files =
          list == null
              ? files(Path.of(table(table.name())))
              : snapshots.list(list).files().stream()
                  .map(entry -> Path.of(warehouse(), entry.file()))
                  .toList();
      long count = 0;
      for (Path file : files) {
        count += file.toString().endsWith(".parquet") ? count(file) : 0;
      }
      rows.add(count);
    }
    return rows;
  }

  private static long count(Path file) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(
                new org.apache.hadoop.fs.Path(file.toString()), new Configuration()))) {
      return reader.getRecordCount();
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private String table(String name) {
    return warehouse() + "/" + name;
  }

  private String warehouse() {
    return folder.resolve("warehouse").toString();
  }
}
