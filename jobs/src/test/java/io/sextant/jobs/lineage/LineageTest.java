package io.sextant.jobs.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.sextant.jobs.CommandRun;
import io.sextant.jobs.Sextant;
import io.sextant.jobs.TestPacks;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import picocli.CommandLine;

/** The events of real command lines, read back from the file to which the settings send them. */
@Isolated("sets the JVM's home folder")
class LineageTest {
  private static final String MODEL = "sextant-128x8";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;

  private static String home;
  private static List<JsonNode> ingest;
  private static List<JsonNode> analyze;
  private static List<JsonNode> solve;
  private static List<JsonNode> missing;
  private static List<JsonNode> help;

  @BeforeAll
  static void runCommands() throws Exception {
    home = System.getProperty("user.home");
    System.setProperty("user.home", folder.toString());
    Files.createDirectories(folder.resolve(".openlineage"));
    Files.writeString(
        folder.resolve(".openlineage/openlineage.yml"),
        "transport:\n  type: file\n  location: %s\n".formatted(events()));
    Path in = Files.createDirectories(folder.resolve("in"));
    TestPacks.cut(in, "day07", 60);
    TestPacks.cut(in, "day08", 60);
    ingest = eventsOf(0, "ingest", "--input", in.toString());
    analyze = eventsOf(0, "analyze");
    String days = "--to 2026-09-13 --score-from 2026-09-14";
    String plan = "--cluster 4x8-h200 --slots 128 --micro-batch 64 --seconds 0.1 --out ";
    solve = eventsOf(0, "solve", (days + " " + plan + folder.resolve("plan")).split(" "));
    missing = eventsOf(2, "ingest", "--input", folder.resolve("nowhere").toString());
    help = eventsOf(0, "ingest", "--help");
  }

  @AfterAll
  static void restoreHome() {
    System.setProperty("user.home", home);
  }

  private static Path events() {
    return folder.resolve("lineage/events.jsonl");
  }

  private static List<JsonNode> eventsOf(int exitCode, String command, String... options)
      throws IOException {
    Files.deleteIfExists(events());
    List<String> words = new ArrayList<>(List.of(command, "--model", MODEL));
    words.addAll(List.of("--warehouse", folder.resolve("warehouse").toString()));
    words.addAll(List.of(options));
    CommandRun run = CommandRun.of(words.toArray(new String[0]));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
    assertThat(run.err()).doesNotContain("lineage");
    List<JsonNode> found = new ArrayList<>();
    if (Files.exists(events())) {
      for (String line : Files.readAllLines(events())) {
        found.add(JSON.readTree(line));
      }
    }
    return found;
  }

  @Test
  void everyEventFitsTheSpecification() throws IOException {
    try (InputStream in = LineageTest.class.getResourceAsStream("run-event.schema.json")) {
      JsonSchema schema =
          JsonSchemaFactory.getInstance(VersionFlag.V202012)
              .getSchema(
                  in, SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
      for (List<JsonNode> run : List.of(ingest, analyze, solve, missing)) {
        assertThat(run).hasSize(2);
        for (JsonNode event : run) {
          assertThat(schema.validate(event)).as(event.toPrettyString()).isEmpty();
        }
      }
    }
  }

  @Test
  void aRunStartsAndCompletesUnderOneId() {
    for (List<JsonNode> run : List.of(ingest, analyze, solve)) {
      assertThat(run).extracting(LineageTest::state).containsExactly("START", "COMPLETE");
      assertThat(run.get(0).at("/run/runId")).isEqualTo(run.get(1).at("/run/runId"));
      assertThat(run.get(0).at("/run/facets/processing_engine/name").asText()).isEqualTo("sextant");
    }
    assertThat(ingest.get(1).at("/job/namespace").asText()).isEqualTo("sextant");
    assertThat(ingest.get(1).at("/job/name").asText()).isEqualTo("sextant.ingest." + MODEL);
    assertThat(ingest.get(1).at("/run/facets/sextant_run/exit_code").asInt(-1)).isZero();
    // The id under which the rows are in the tables.
    assertThat(ingest.get(1).at("/run/facets/sextant_run/run_id").asText())
        .matches("\\d{8}T\\d{9}Z");
  }

  @Test
  void theTablesThatARunWroteAreItsOutputs() {
    assertThat(names(ingest.get(0), "inputs")).containsExactly(folder.resolve("in").toString());
    assertThat(tables(ingest.get(1), "outputs"))
        .containsExactlyInAnyOrder("traces", "requests", "files");
    assertThat(tables(analyze.get(1), "inputs")).containsExactlyInAnyOrder("traces", "load_counts");
    assertThat(tables(analyze.get(1), "outputs"))
        .contains("expert_load", "imbalance", "coactivation")
        .doesNotContain("traces", "runs");
    assertThat(analyze.get(0).path("outputs")).isEmpty();
    JsonNode load = dataset(analyze.get(1), "expert_load");
    assertThat(load.path("namespace").asText()).isEqualTo("file");
    assertThat(load.at("/facets/schema/fields").findValuesAsText("name"))
        .contains("layer", "expert", "tokens");
  }

  @Test
  void aPlanIsAnOutputWithItsId() throws IOException {
    assertThat(tables(solve.get(1), "outputs")).contains("placements", "placement_metrics");
    JsonNode map = dataset(solve.get(1), "placement.json");
    JsonNode written = JSON.readTree(folder.resolve("plan/placement.json").toFile());
    assertThat(map.at("/facets/version/datasetVersion").asText())
        .isNotBlank()
        .isEqualTo(written.path("plan_id").asText());
  }

  /** Also a failure before Spark starts is an event, because a scheduler's user looks for it. */
  @Test
  void aFailureIsAnEventWithTheLineThatTheUserSees() {
    assertThat(missing).extracting(LineageTest::state).containsExactly("START", "FAIL");
    assertThat(missing.get(1).at("/run/facets/errorMessage/message").asText())
        .isEqualTo(folder.resolve("nowhere") + ": there is no such file or folder. Check the path");
    assertThat(missing.get(1).path("outputs")).isEmpty();
  }

  @Test
  void helpIsNoRun() {
    assertThat(help).isEmpty();
  }

  /** A new command must be one of those with events, or be added here. */
  @Test
  void everyCommandThatReadsOrWritesDataSendsEvents() {
    Set<String> silent = new TreeSet<>(new CommandLine(new Sextant()).getSubcommands().keySet());
    silent.removeIf(CommandDatasets::sentFor);
    assertThat(silent)
        .containsExactly(
            "capacity", "completion", "demo", "doctor", "gpu-validate", "history", "init");
  }

  private static String state(JsonNode event) {
    return event.path("eventType").asText();
  }

  private static List<String> names(JsonNode event, String side) {
    return event.path(side).findValuesAsText("name").stream()
        .filter(name -> name.startsWith("/"))
        .toList();
  }

  private static List<String> tables(JsonNode event, String side) {
    String warehouse = folder.resolve("warehouse") + "/";
    return names(event, side).stream()
        .filter(name -> name.startsWith(warehouse))
        .map(name -> name.substring(warehouse.length()))
        .toList();
  }

  private static JsonNode dataset(JsonNode event, String name) {
    for (JsonNode one : event.path("outputs")) {
      if (one.path("name").asText().endsWith("/" + name)) {
        return one;
      }
    }
    throw new AssertionError("no output " + name + " in " + event);
  }
}
