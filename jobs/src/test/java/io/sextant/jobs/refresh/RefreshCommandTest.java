package io.sextant.jobs.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.jobs.CommandRun;
import io.sextant.jobs.TestPacks;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.StoppedException;
import io.sextant.jobs.lock.WarehouseLock;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.placement.PlannedFor;
import io.sextant.schema.spec.CopyRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs two consecutive nights, as a scheduler does, on the sample days. */
class RefreshCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MODEL = "sextant-128x8";

  /** Requests of each day; enough micro-batches of 64 tokens for a verdict. */
  private static final int REQUESTS = 60;

  @TempDir private static Path folder;

  /**
   * The files of a night, before the next one.
   *
   * @param metrics the Prometheus file
   */
  private record Night(CommandRun run, JsonNode decision, String metrics) {

    static Night of(CommandRun run) throws IOException {
      Path published = published(folder.resolve("warehouse"));
      assertThat(run.exitCode()).as(run.err()).isZero();
      return new Night(
          run,
          JSON.readTree(published.resolve("decision.json").toFile()),
          Files.readString(published.resolve("refresh.prom")));
    }
  }

  private static Night first;
  private static Night second;
  private static String firstVersion;

  @BeforeAll
  static void twoNights() throws Exception {
    for (String day : List.of("day04", "day05", "day06", "day07")) {
      TestPacks.cut(folder, day, REQUESTS);
    }
    // With so few tokens a batch, the fixed time of a transfer leaves little to gain.
    first = Night.of(refresh("warehouse", "2026-09-12", "day04", "day05", "--minimum-gain", "0"));
    firstVersion = first.decision().path("in_force_version").textValue();
    second = Night.of(refresh("warehouse", "2026-09-14", "day06", "day07"));
  }

  @Test
  void anotherRunsLockStopsIt() throws IOException {
    try (WarehouseLock held =
        WarehouseLock.acquire(
            folder.resolve("locked").toString(),
            "held",
            "refresh",
            Duration.ZERO,
            new Progress())) {
      CommandRun run = refresh("locked", "2026-09-12", "day04", "day05");
      assertThat(run.exitCode()).isEqualTo(StoppedException.BUSY);
      assertThat(run.lastError()).contains("another run is using it").contains("run held");
      held.requireHeld();
    }
    assertThat(published(folder.resolve("locked"))).doesNotExist();
  }

  @Test
  void theFirstNightPublishesWithEverythingAnEngineNeeds() throws IOException {
    assertThat(first.decision().path("verdict").textValue()).isEqualTo("publish");
    assertThat(first.decision().path("moved_bytes").isNull()).isTrue();
    Path version = published(folder.resolve("warehouse")).resolve("versions").resolve(firstVersion);
    try (var files = Files.walk(version)) {
      assertThat(
              files.filter(Files::isRegularFile).map(file -> version.relativize(file).toString()))
          .contains(
              "placement.json", "decision.json", "metrics.json", "report.html", "manifest.json")
          .anyMatch(name -> name.contains("sglang"));
    }
    assertThat(PlacementMaps.plannedFor(version.resolve("placement.json")))
        .contains(new PlannedFor("sglang", CopyRule.NEAREST));
    assertThat(first.decision().path("engine_warnings"))
        .extracting(JsonNode::textValue)
        .satisfiesExactly(
            vllm -> assertThat(vllm).contains("but vLLM usually chooses copies by token-hash"),
            tensorRt -> assertThat(tensorRt).contains("TensorRT-LLM usually chooses copies by"));
    assertThat(first.metrics())
        .contains("sextant_refresh_decision{model=\"sextant-128x8\",verdict=\"publish\"} 1")
        .contains("sextant_refresh_read_requests{model=\"sextant-128x8\"} " + 2 * REQUESTS);
  }

  @Test
  void theNextNightMovesNoMoreThanItsBudget() throws IOException {
    JsonNode decision = second.decision();
    assertThat(decision.path("verdict").textValue()).isEqualTo("keep");
    assertThat(decision.path("former_version").textValue()).isEqualTo(firstVersion);
    assertThat(decision.path("moved_bytes").longValue())
        .isLessThanOrEqualTo(decision.path("max_moved_bytes").longValue());
    assertThat(second.metrics()).contains("sextant_refresh_moved_bytes_limit");
  }

  /** A panel for a metric that does not exist stays empty, and an alert on it never fires. */
  @Test
  void theDashboardShowsEveryMetricAndAsksForNoOther() throws IOException {
    // A night with a map in force writes every metric.
    String written = second.metrics();
    String panels = String.join("\n", Monitoring.panelQueries());
    assertThat(Monitoring.metrics(panels)).isEqualTo(Monitoring.metrics(written));
    String others = String.join("\n", Monitoring.otherQueries());
    assertThat(Monitoring.metrics(written)).containsAll(Monitoring.metrics(others));
    assertThat(Monitoring.labels(written)).containsAll(Monitoring.labels(panels + others));
  }

  @Test
  void historyHasBothNights() throws IOException {
    CommandRun history =
        CommandRun.of(
            "history",
            "--warehouse",
            folder.resolve("warehouse").toString(),
            "--model",
            MODEL,
            "--json");
    assertThat(history.exitCode()).isZero();
    assertThat(JSON.readTree(history.out())).hasSize(2);
    CommandRun text =
        CommandRun.of(
            "history", "--warehouse", folder.resolve("warehouse").toString(), "--model", MODEL);
    for (JsonNode run : JSON.readTree(history.out())) {
      if (run.hasNonNull("plan_id")) {
        assertThat(text.out())
            .contains(" " + run.path("version").asText() + "    " + run.path("plan_id").asText());
      }
    }
    assertThat(text.out()).containsPattern("[0-9a-f]{12}-[0-9a-f]{12}");
  }

  @Test
  void rollbackPutsTheFirstVersionInForceAsItWas() throws IOException {
    Path copy = copyOfTheWarehouse();
    Path placement = published(copy).resolve("versions/" + firstVersion + "/placement.json");
    byte[] before = Files.readAllBytes(placement);
    CommandRun rollback =
        CommandRun.of(
            "rollback", "--warehouse", copy.toString(), "--model", MODEL, "--to", firstVersion);
    assertThat(rollback.exitCode()).as(rollback.err()).isZero();
    assertThat(
            JSON.readTree(published(copy).resolve("CURRENT").toFile()).path("version").textValue())
        .isEqualTo(firstVersion);
    assertThat(Files.readAllBytes(placement)).isEqualTo(before);
  }

  private static Path copyOfTheWarehouse() throws IOException {
    Path from = folder.resolve("warehouse");
    Path to = folder.resolve("rolled-back");
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
    return to;
  }

  @Test
  void anUnknownEngineIsRefusedBeforeAnythingIsRead() {
    CommandRun run = refresh("unread", "2026-09-12", "day04", "--engine", "dynamo");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.lastError()).contains("dynamo").contains("sglang");
    assertThat(folder.resolve("unread")).doesNotExist();
  }

  private static Path published(Path warehouse) {
    return warehouse.resolve("published").resolve(MODEL);
  }

  private static CommandRun refresh(String warehouse, String asOf, String... daysThenOptions) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "refresh", "--warehouse", folder.resolve(warehouse).toString(), "--model", MODEL));
    arguments.addAll(List.of("--cluster", "4x8-h200", "--slots", "128", "--micro-batch", "64"));
    arguments.addAll(List.of("--as-of", asOf, "--seconds", "0.02"));
    boolean engine = List.of(daysThenOptions).contains("--engine");
    if (!engine) {
      arguments.addAll(List.of("--engine", "sglang", "vllm", "tensorrt-llm"));
    }
    arguments.add("--input");
    for (String next : daysThenOptions) {
      arguments.add(
          next.startsWith("day") ? folder.resolve(next + ".safetensors.zst").toString() : next);
    }
    return CommandRun.of(arguments.toArray(new String[0]));
  }
}
