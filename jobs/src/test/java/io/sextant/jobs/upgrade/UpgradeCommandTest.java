package io.sextant.jobs.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.jobs.CommandRun;
import io.sextant.jobs.TestPacks;
import io.sextant.jobs.TestSpark;
import io.sextant.jobs.spark.SparkTables;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.table.DecisionTables;
import io.sextant.schema.table.RunTables;
import io.sextant.schema.table.TableHistory.TableVersion;
import io.sextant.schema.table.TraceTables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpgradeCommandTest {
  private static final String MODEL = "sextant-128x8";
  private static final String SCHEMA = "_schema.json";

  @TempDir private Path folder;
  private Path warehouse;

  @BeforeEach
  void ingest() {
    warehouse = folder.resolve("warehouse");
    CommandRun.done(
        "ingest",
        "--input",
        TestPacks.small("day01-12").toString(),
        "--model",
        MODEL,
        "--warehouse",
        warehouse.toString());
  }

  @Test
  void tablesCarryTheirVersions() throws Exception {
    assertThat(new ObjectMapper().readTree(warehouse.resolve(SCHEMA).toFile()).get("tables"))
        .hasToString("{\"files\":2,\"requests\":2,\"runs\":2,\"traces\":2}");
    assertThat(upgrade().out()).isEqualTo("every table has the version of this program\n");
  }

  /** A warehouse from before there were versions is read, and upgrade records them. */
  @Test
  void anOlderWarehouseIsReadAndUpgraded() throws Exception {
    Files.delete(warehouse.resolve(SCHEMA));
    CommandRun.done("analyze", "--warehouse", warehouse.toString(), "--model", MODEL);
    CommandRun asked = upgrade("--dry-run");
    assertThat(asked.out())
        .isEqualTo(
            Stream.of("files", "requests", "runs", "traces")
                .map(
                    table ->
                        table
                            + ": version 1 to 2: its files stay; new columns are empty in older"
                            + " rows\n")
                .collect(Collectors.joining()));
    assertThat(upgrade("--dry-run").out()).isEqualTo(asked.out());
    assertThat(upgrade().out()).isEqualTo(asked.out());
    assertThat(upgrade().out()).isEqualTo("every table has the version of this program\n");
  }

  @Test
  void aNewerWarehouseIsRefused() throws Exception {
    Path schema = warehouse.resolve(SCHEMA);
    Files.writeString(schema, Files.readString(schema).replace("\"traces\" : 2", "\"traces\" : 7"));
    String message =
        "sextant: %s/traces: version 7 of its schema is newer than this program, which knows 2. Use"
                .formatted(warehouse)
            + " the program that wrote it, or a newer one";
    for (CommandRun run :
        List.of(
            CommandRun.of("analyze", "--warehouse", warehouse.toString(), "--model", MODEL),
            upgrade())) {
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.lastError()).isEqualTo(message);
    }
  }

  @Test
  void whatIsDoneDependsOnWhatCanBeFilled() {
    TableVersion first = new TableVersion(1, List.of("run_id", "command"), Map.of());
    TableVersion second = new TableVersion(2, columns(), Map.of());
    assertThat(TableUpgrade.of(RunTables.RUNS, 1, List.of(first, second)).action())
        .isEqualTo(TableUpgrade.Action.IMPOSSIBLE);
    assertThat(TableUpgrade.of(DecisionTables.DECISIONS, 1, List.of(first, second)).action())
        .isEqualTo(TableUpgrade.Action.ASIDE);
    Map<String, String> filled =
        Map.of("started_ms", "0", "seconds", "0", "arguments", "", "status", "unknown");
    TableUpgrade rewrite =
        TableUpgrade.of(RunTables.RUNS, 1, List.of(first, new TableVersion(2, columns(), filled)));
    assertThat(rewrite.action()).isEqualTo(TableUpgrade.Action.REWRITE);
    assertThat(rewrite.older()).isEqualTo(filled);
  }

  /** Rows survive a rewrite, with the value for the column that they lacked. */
  @Test
  void aTableIsRewrittenAndASecondRunRecovers() throws Exception {
    TableUpgrade status =
        new TableUpgrade(
            TraceTables.REQUESTS, 1, 2, TableUpgrade.Action.REWRITE, Map.of("label", "older"));
    UpgradeJob job = new UpgradeJob(warehouse.toString());
    long before = requests("label <> 'older'");
    job.run(List.of(status));
    assertThat(requests("label = 'older'")).isEqualTo(before).isPositive();

    // A crash between the two renames.
    Path old = warehouse.resolve("_before-upgrade-requests");
    Files.move(warehouse.resolve("requests"), old);
    Files.createDirectories(warehouse.resolve("_upgrade-requests"));
    job.recover();
    assertThat(requests("label = 'older'")).isEqualTo(before);
    assertThat(warehouse.resolve("_upgrade-requests")).doesNotExist();
    assertThat(old).doesNotExist();
  }

  @Test
  void nothingIsChangedIfATableCannotBeUpgraded() throws Exception {
    UpgradeJob job = new UpgradeJob(warehouse.toString());
    TableUpgrade impossible =
        new TableUpgrade(
            TraceTables.TRACES, 1, 2, TableUpgrade.Action.IMPOSSIBLE, new java.util.HashMap<>());
    assertThatThrownBy(() -> job.run(List.of(impossible)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("ingest the traces into a new warehouse");
    assertThat(warehouse.resolve("traces")).isDirectory();
  }

  private static List<String> columns() {
    return RunTables.RUNS.columns().stream().map(column -> column.name()).toList();
  }

  private long requests(String where) throws Exception {
    SparkSession spark = TestSpark.session();
    return SparkTables.read(spark, warehouse.toString(), TraceTables.REQUESTS)
        .orElseThrow()
        .where(where)
        .count();
  }

  private CommandRun upgrade(String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("upgrade", "--warehouse", warehouse.toString()));
    arguments.addAll(List.of(options));
    return CommandRun.of(arguments.toArray(new String[0]));
  }
}
