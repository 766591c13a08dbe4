package io.sextant.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Tests {@code --json} of every command, on two sample days that are ingested and planned on first.
 */
class JsonOutputTest {
  private static final String MODEL = "sextant-128x8";

  /** Requests of each day; enough micro-batches of 64 tokens for a verdict. */
  private static final int REQUESTS = 60;

  /** Commands that compute no figures, and those of the GPU, which write JSON lines with --out. */
  private static final Set<String> WITHOUT = Set.of("demo", "init", "completion", "gpu-validate");

  /** Standard output must be one document and nothing else. */
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  @TempDir private static Path folder;

  private static JsonNode ingested;
  private static JsonNode solved;

  @BeforeAll
  static void ingestAndSolve() throws Exception {
    for (String day : List.of("day07", "day08")) {
      TestPacks.cut(folder, day, REQUESTS);
    }
    ingested = json("ingest", "--input", day("day07"), day("day08"));
    solved =
        json(
            "solve",
            plan(
                "--group",
                "--router",
                "label",
                "--to",
                "2026-09-13",
                "--score-from",
                "2026-09-14"));
  }

  @Test
  void everyCommandWithFiguresHasTheSameOption() {
    new CommandLine(new Sextant())
        .getSubcommands()
        .forEach(
            (name, command) ->
                assertThat(command.getCommandSpec().findOption("--json") != null)
                    .as(name)
                    .isNotEqualTo(WITHOUT.contains(name)));
  }

  @Test
  void theDocumentationHasEveryDocument() throws Exception {
    List<String> documented =
        Files.readAllLines(Path.of("../docs/json.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.substring(3, line.indexOf('`', 3)))
            .toList();
    Set<String> commands = new TreeSet<>(new CommandLine(new Sextant()).getSubcommands().keySet());
    commands.removeAll(WITHOUT);
    assertThat(documented).containsExactlyInAnyOrderElementsOf(commands);
  }

  @Test
  void ingestAndAnalyze() throws Exception {
    assertThat(ingested.at("/ingested_files").asInt()).isEqualTo(2);
    assertThat(ingested.at("/requests").asInt()).isEqualTo(2 * REQUESTS);
    assertThat(ingested.at("/quarantine")).isEmpty();
    JsonNode analyzed = json("analyze");
    assertThat(analyzed.at("/from_day").textValue()).isEqualTo("2026-09-13");
    assertThat(analyzed.at("/layers")).hasSize(6);
    assertThat(analyzed.at("/layers/0/load_max_over_mean").asDouble()).isGreaterThan(1);
    assertThat(analyzed.at("/all_layers/prefill_decode_pearson/low").asDouble())
        .isLessThan(analyzed.at("/all_layers/prefill_decode_pearson/value").asDouble());
  }

  @Test
  void solveRouteAndExport() throws Exception {
    assertThat(solved.at("/placement").textValue()).isEqualTo(planned("placement.json"));
    assertThat(solved.at("/plans"))
        .isEqualTo(JSON.readTree(Path.of(planned("metrics.json")).toFile()));
    JsonNode routed =
        json("route", "--groups", planned("groups.json"), "--input", day("day08"), "--out", csv());
    assertThat(routed.at("/requests").asInt()).isEqualTo(REQUESTS);
    int sum = 0;
    for (JsonNode requests : routed.at("/requests_by_node")) {
      sum += requests.asInt();
    }
    assertThat(sum).isEqualTo(REQUESTS);
    String map = folder.resolve("map.json").toString();
    String[] export = {"--placement", folder.resolve("plan").toString(), "--engine", "sglang"};
    JsonNode exported = json("export", and(export, "--cluster", "4x8-h200", "--out", map));
    assertThat(exported.at("/slots").asInt()).isEqualTo(128);
    assertThat(exported.at("/file").textValue()).isEqualTo(map);
  }

  @Test
  void withAFileThePersonStillReads() throws Exception {
    Path file = folder.resolve("evaluated.json");
    String[] evaluate = {
      "evaluate", "--placement", "linear", "--cluster", "4x8-h200", "--input", day("day08")
    };
    CommandRun beside = CommandRun.of(and(evaluate, "--model", MODEL, "--json", file.toString()));
    CommandRun alone = CommandRun.of(and(evaluate, "--model", MODEL, "--json"));
    assertThat(beside.out()).startsWith("plan ").contains("linear");
    assertThat(JSON.readTree(alone.out())).isEqualTo(JSON.readTree(file.toFile()));
    CommandRun refused =
        CommandRun.of(and(evaluate, "--model", MODEL, "--json", folder.toString()));
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.lastError())
        .isEqualTo(
            "sextant: --json %s: cannot be written: %s: it is a folder. Name a file in a folder you own"
                .formatted(folder, folder));
    assertThat(refused.err()).doesNotContain("Spark ");
  }

  @Test
  void compareRefreshAndHistory() throws Exception {
    String greedy = planned("greedy.json");
    JsonNode compared = json("compare", plan("--current", greedy));
    assertThat(compared.at("/decision/verdict").textValue()).isNotEmpty();
    assertThat(compared.at("/plans").findValuesAsText("plan")).contains("sextant", "current");
    JsonNode night =
        json(
            "refresh",
            plan(
                "--as-of",
                "2026-09-15",
                "--minimum-gain",
                "0",
                "--input",
                day("day07"),
                day("day08")));
    String version = night.at("/published_version").textValue();
    assertThat(night.at("/verdict").textValue()).isEqualTo("publish");
    assertThat(night)
        .isEqualTo(
            JSON.readTree(
                folder
                    .resolve("warehouse/published/" + MODEL + "/versions/" + version)
                    .resolve("decision.json")
                    .toFile()));
    assertThat(json("history").at("/0/version").textValue()).isEqualTo(version);
    assertThat(json("rollback", "--to", version).at("/in_force_version").textValue())
        .isEqualTo(version);
    String page = folder.resolve("report.html").toString();
    assertThat(json("report", "--out", page).at("/headline").textValue()).startsWith("Publish. ");
  }

  @Test
  void probeDispatchAndDoctor() throws Exception {
    JsonNode probed =
        json(
            "probe", "--input", "../numerics/src/test/resources/precision/layer_stats-lm.jsonl.gz");
    assertThat(probed.at("/sites/0/recipes/e4m3-tensor/relative_frobenius").asDouble())
        .isBetween(0.01, 0.1);
    String runs = "../bench/results/2026-11-24-h200-kernel-runs.jsonl.gz";
    JsonNode dispatched = json("dispatch", "--runs", runs, "--out", csv() + ".d");
    assertThat(dispatched.at("/geometric_mean_mix").asDouble()).isGreaterThan(1);
    assertThat(dispatched.at("/gains/0/mix_speedup").asDouble())
        .isGreaterThanOrEqualTo(dispatched.at("/gains/0/best_single_speedup").asDouble() - 0.05);
    JsonNode doctor = json("doctor");
    assertThat(doctor.at("/fit").asBoolean()).isTrue();
    assertThat(doctor.at("/checks").findValuesAsText("what")).contains("Java", "Spark", "GPU");
  }

  private static String day(String day) {
    return folder.resolve(day + ".safetensors.zst").toString();
  }

  private static String csv() {
    return folder.resolve("routes.csv").toString();
  }

  private static String planned(String file) {
    return folder.resolve("plan").resolve(file).toString();
  }

  private static String[] plan(String... more) {
    return and(
        new String[] {"--cluster", "4x8-h200", "--slots", "128", "--micro-batch", "64"},
        and(new String[] {"--seconds", "0.02"}, more));
  }

  private static String[] and(String[] some, String... more) {
    List<String> all = new ArrayList<>(List.of(some));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static JsonNode json(String name, String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(name, "--json"));
    arguments.addAll(List.of(options));
    CommandLine command = new CommandLine(new Sextant()).getSubcommands().get(name);
    boolean needsModel = command.getCommandSpec().findOption("--model") != null;
    if (command.getCommandSpec().findOption("--warehouse") != null) {
      arguments.addAll(List.of("--warehouse", folder.resolve("warehouse").toString()));
    }
    if (needsModel) {
      arguments.addAll(List.of("--model", MODEL));
    }
    if (name.equals("solve")) {
      arguments.addAll(List.of("--out", folder.resolve("plan").toString()));
    }
    CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return JSON.readTree(run.out());
  }
}
