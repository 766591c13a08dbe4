package io.sextant.jobs.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.jobs.CommandRun;
import io.sextant.jobs.TestPacks;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.StoppedException;
import io.sextant.jobs.publish.WarehouseLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nights in a row as a scheduler runs them, on the sample days; each test goes on from the last.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RefreshCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MODEL = "sextant-128x8";

  @TempDir private static Path folder;

  private static String firstVersion;

  @Test
  @Order(1)
  void anotherRunsLockStopsIt() throws IOException {
    try (WarehouseLock held =
        WarehouseLock.acquire(
            warehouse().toString(), "held", "refresh", Duration.ZERO, new Progress())) {
      CommandRun run = refresh("2026-09-12", "day04", "day05");
      assertThat(run.exitCode()).isEqualTo(StoppedException.BUSY);
      assertThat(run.lastError()).contains("another run is at work").contains("run held");
      held.requireHeld();
    }
    assertThat(published()).doesNotExist();
  }

  @Test
  @Order(2)
  void theFirstNightPublishesWithEverythingAnEngineNeeds() throws IOException {
    CommandRun run = refresh("2026-09-12", "day04", "day05");
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode decision = JSON.readTree(published().resolve("decision.json").toFile());
    assertThat(decision.path("verdict").textValue()).isEqualTo("publish");
    assertThat(decision.path("moved_bytes").isNull()).isTrue();
    firstVersion = decision.path("in_force_version").textValue();
    Path version = published().resolve("versions").resolve(firstVersion);
    try (var files = Files.walk(version)) {
      assertThat(
              files.filter(Files::isRegularFile).map(file -> version.relativize(file).toString()))
          .contains(
              "placement.json", "decision.json", "metrics.json", "report.html", "manifest.json")
          .anyMatch(name -> name.contains("sglang"));
    }
    assertThat(Files.readString(published().resolve("refresh.prom")))
        .contains("sextant_refresh_decision{model=\"sextant-128x8\",verdict=\"publish\"} 1")
        .contains("sextant_refresh_read_requests{model=\"sextant-128x8\"} 600");
  }

  @Test
  @Order(3)
  void theNextNightMovesNoMoreThanItsBudget() throws IOException {
    CommandRun run = refresh("2026-09-14", "day06", "day07");
    assertThat(run.exitCode()).as(run.err()).isIn(0, StoppedException.INSUFFICIENT_EVIDENCE);
    JsonNode decision = JSON.readTree(published().resolve("decision.json").toFile());
    assertThat(decision.path("former_version").textValue()).isEqualTo(firstVersion);
    assertThat(decision.path("moved_bytes").longValue())
        .isLessThanOrEqualTo(decision.path("max_moved_bytes").longValue());
    assertThat(Files.readString(published().resolve("refresh.prom")))
        .contains("sextant_refresh_moved_bytes_limit");
  }

  @Test
  @Order(4)
  void rollbackAndHistory() throws IOException {
    CommandRun history =
        CommandRun.of("history", "--warehouse", warehouse().toString(), "--model", MODEL, "--json");
    assertThat(history.exitCode()).isZero();
    assertThat(JSON.readTree(history.out())).hasSize(2);
    Path placement =
        published().resolve("versions").resolve(firstVersion).resolve("placement.json");
    byte[] before = Files.readAllBytes(placement);
    CommandRun rollback =
        CommandRun.of(
            "rollback",
            "--warehouse",
            warehouse().toString(),
            "--model",
            MODEL,
            "--to",
            firstVersion);
    assertThat(rollback.exitCode()).as(rollback.err()).isZero();
    assertThat(JSON.readTree(published().resolve("CURRENT").toFile()).path("version").textValue())
        .isEqualTo(firstVersion);
    assertThat(Files.readAllBytes(placement)).isEqualTo(before);
  }

  @Test
  void anUnknownEngineIsRefusedBeforeAnythingIsRead() {
    CommandRun run = refresh("2026-09-12", "day04", "--engine", "dynamo");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.lastError()).contains("dynamo").contains("sglang");
  }

  private static Path warehouse() {
    return folder.resolve("warehouse");
  }

  private static Path published() {
    return warehouse().resolve("published").resolve(MODEL);
  }

  private static CommandRun refresh(String asOf, String... daysThenOptions) {
    List<String> arguments =
        new ArrayList<>(
            List.of("refresh", "--warehouse", warehouse().toString(), "--model", MODEL));
    arguments.addAll(List.of("--cluster", "4x8-h200", "--slots", "128", "--micro-batch", "256"));
    arguments.addAll(List.of("--as-of", asOf, "--seconds", "0.3"));
    boolean engine = List.of(daysThenOptions).contains("--engine");
    if (!engine) {
      arguments.addAll(List.of("--engine", "sglang", "vllm", "tensorrt-llm"));
    }
    arguments.add("--input");
    for (String next : daysThenOptions) {
      arguments.add(
          next.startsWith("day")
              ? TestPacks.samples().resolve(next + ".safetensors.zst").toString()
              : next);
    }
    return CommandRun.of(arguments.toArray(new String[0]));
  }
}
