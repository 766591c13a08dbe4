package io.sextant.jobs.expire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.jobs.CommandRun;
import io.sextant.jobs.TestPacks;
import io.sextant.jobs.TestSpark;
import io.sextant.jobs.day.TracedDays;
import io.sextant.jobs.spark.SparkTables;
import io.sextant.schema.table.PlanTables;
import io.sextant.schema.table.TableDefinition;
import io.sextant.schema.table.TraceTables;
import io.sextant.schema.table.UsageTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Encoders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two days are ingested, analyzed and planned for one by one; then the first of them expires. */
class ExpireCommandTest {
  private static final String MODEL = "sextant-128x8";
  private static final String OLD = "2026-09-13";
  private static final String NEW = "2026-09-14";
  private static final String[] KEEP_ONE_DAY = {"--keep-days", "1", "--as-of", NEW};

  @TempDir private Path folder;

  @BeforeEach
  void fill() throws Exception {
    for (String day : List.of("day07", "day08")) {
      run("ingest", "--model", MODEL, "--input", TestPacks.cut(folder, day, 60).toString());
    }
    for (String day : List.of(OLD, NEW)) {
      run("analyze", "--model", MODEL, "--from", day, "--to", day);
      String plan = "--cluster 4x8-h200 --slots 128 --seconds 0.02 --micro-batch 64 --model ";
      String days = plan + MODEL + " --from %s --to %s --out %s/plan".formatted(day, day, folder);
      run("solve", days.split(" "));
    }
  }

  @Test
  void everyTableLosesTheOldDayAndNothingElse() throws Exception {
    assertThat(run("expire", and("--dry-run")).out())
        .contains("traces             1 day, 2026-09-13 to 2026-09-13: 1 files, ")
        .contains("expert_load", "placement_metrics");
    assertThat(days(TraceTables.TRACES)).containsExactly(OLD, NEW);
    List<String> firstState = List.copyOf(days(UsageTables.EXPERT_LOAD));
    assertThat(firstState).containsExactly(OLD, NEW);

    run("expire", and());
    for (TableDefinition<?> table :
        List.of(
            TraceTables.TRACES,
            TraceTables.REQUESTS,
            UsageTables.EXPERT_LOAD,
            UsageTables.IMBALANCE,
            PlanTables.PLACEMENT_METRICS,
            PlanTables.PLACEMENTS)) {
      assertThat(days(table)).as(table.name()).containsExactly(NEW);
    }
    assertThat(TracedDays.of(warehouse(), MODEL, null, null)).containsExactly(NEW);
    assertThat(table(UsageTables.EXPERT_LOAD).resolve("model=" + MODEL + "/day=" + OLD))
        .doesNotExist();
    assertThat(run("expire", and()).out()).startsWith("no table has a day that old");

    // The file is still known, so a folder of inputs that holds it does not bring the day back.
    String known = folder.resolve("day07.safetensors.zst").toString();
    assertThat(run("ingest", "--model", MODEL, "--input", known).out())
        .contains("0 files ingested", "1 files known already");
  }

  @Test
  void theFilesGoWithTheLastSnapshotThatNamesThem() throws Exception {
    run("expire", and());
    Path traces = table(TraceTables.TRACES).resolve("model=" + MODEL);
    assertThat(parquet(traces.resolve("day=" + OLD))).hasSize(1);
    List<Path> stay = parquet(traces.resolve("day=" + NEW));
    aMonthPasses();
    run("analyze", "--model", MODEL);
    assertThat(parquet(traces.resolve("day=" + OLD))).isEmpty();
    assertThat(parquet(traces.resolve("day=" + NEW))).isEqualTo(stay).isNotEmpty();
    assertThat(days(TraceTables.TRACES)).containsExactly(NEW);
  }

  /** A folder that is there again stands for one that a killed run did not come to. */
  @Test
  void theNextRunCompletesAKilledOne() throws Exception {
    Path day = table(UsageTables.IMBALANCE).resolve("model=" + MODEL + "/day=" + OLD);
    Path file = parquet(day).get(0);
    byte[] bytes = Files.readAllBytes(file);
    run("expire", and());
    Files.createDirectories(day);
    Files.write(file, bytes);
    assertThat(days(UsageTables.IMBALANCE)).containsExactly(NEW);
    assertThat(run("expire", and()).out()).startsWith("imbalance ").hasLineCount(1);
    assertThat(day).doesNotExist();
  }

  private void aMonthPasses() throws IOException {
    Instant then = Instant.now().minus(Duration.ofDays(32));
    try (Stream<Path> files = Files.list(Path.of(warehouse(), "_snapshots"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (file.toString().endsWith(".json")) {
          String json = Files.readString(file);
          String at = new ObjectMapper().readTree(json).get("committed").textValue();
          Files.writeString(file, json.replace(at, then.toString()));
        }
      }
    }
  }

  private String warehouse() {
    return folder.resolve("warehouse").toString();
  }

  private Path table(TableDefinition<?> table) {
    return Path.of(warehouse(), table.name());
  }

  private List<String> days(TableDefinition<?> table) {
    return SparkTables.read(TestSpark.session(), warehouse(), table)
        .orElseThrow()
        .selectExpr("string(day) AS day")
        .distinct()
        .orderBy("day")
        .as(Encoders.STRING())
        .collectAsList();
  }

  private static List<Path> parquet(Path below) throws IOException {
    if (!Files.exists(below)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(below)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
    }
  }

  private static String[] and(String... more) {
    return Stream.concat(Stream.of(KEEP_ONE_DAY), Stream.of(more)).toArray(String[]::new);
  }

  private CommandRun run(String command, String... options) {
    CommandRun run =
        CommandRun.of(
            Stream.of(List.of(command, "--warehouse", warehouse()), List.of(options))
                .flatMap(List::stream)
                .toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }
}
