package io.sextant.jobs.sparsity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sextant.jobs.CommandRun;
import io.sextant.jobs.TestSpark;
import io.sextant.jobs.spark.SparkTables;
import io.sextant.schema.table.SparsityTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs sparsity on a real stream, with real outcomes and times of an H200. */
class SparsityCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path CUT = Path.of("../numerics/src/test/resources/sparsity");
  private static final Path TIMES =
      Path.of("../bench/results/2026-11-26-h200-pruned-runs.jsonl.gz");

  @TempDir Path folder;

  private CommandRun sparsity(Path outcomes, String... more) {
    List<String> arguments = new ArrayList<>();
    Collections.addAll(
        arguments,
        "sparsity",
        "--importance",
        CUT.resolve("importance-dense.safetensors.gz").toString(),
        "--outcomes",
        outcomes.toString(),
        "--times",
        TIMES.toString(),
        "--chain",
        "bottom=12-512-32",
        "top=53-512-512-256-1",
        "--model",
        "lrm-baseline",
        "--warehouse",
        folder.resolve("warehouse").toString(),
        "--json",
        folder.resolve("plan.json").toString());
    Collections.addAll(arguments, more);
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  private JsonNode result() throws IOException {
    return JSON.readTree(folder.resolve("plan.json").toFile());
  }

  private static JsonNode policy(JsonNode result, String list, String name) {
    for (JsonNode policy : result.get(list)) {
      if (policy.get("policy").asText().equals(name)) {
        return policy;
      }
    }
    throw new AssertionError(name);
  }

  @Test
  void plansLeftOutOfTheFitAreRankedAndTheOtherPoliciesAreWithinNoise() throws IOException {
    CommandRun run = sparsity(CUT.resolve("outcomes.json"), "--tokens", "65536");
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode result = result();
    JsonNode adaptive = policy(result, "policies", "adaptive");
    assertThat(adaptive.get("verdict").asText()).isEqualTo("rises with lost importance");
    assertThat(adaptive.get("spearman_left_out").asDouble()).isGreaterThan(0.8);
    assertThat(adaptive.get("intervals_that_hold").asInt()).isGreaterThanOrEqualTo(14);
    for (String name : List.of("static", "alternate")) {
      JsonNode other = policy(result, "policies", name);
      assertThat(other.get("verdict").asText()).isEqualTo("within noise");
      assertThat(other.get("chance_of_that").asDouble()).isGreaterThan(0.05);
      assertThat(other.get("spread_of_rises").asDouble())
          .isLessThan(other.get("noise_of_repeats").asDouble());
    }
    SparkSession spark = TestSpark.session();
    String warehouse = folder.resolve("warehouse").toString();
    assertThat(
            SparkTables.read(spark, warehouse, SparsityTables.PRUNING_OUTCOMES)
                .orElseThrow()
                .count())
        .isEqualTo(3 * 17);
    assertThat(
            SparkTables.read(spark, warehouse, SparsityTables.PRUNING_POLICIES)
                .orElseThrow()
                .count())
        .isEqualTo(3);
    assertThat(
            SparkTables.read(spark, warehouse, SparsityTables.IMPORTANCE_WINDOWS)
                .orElseThrow()
                .count())
        .isEqualTo(4 * 39 * 6);
  }

  @Test
  void pruningThatPaysIsPlannedWindowByWindow() throws IOException {
    CommandRun run = sparsity(CUT.resolve("outcomes.json"), "--tokens", "65536", "--budget", "0.7");
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode result = result();
    assertThat(result.get("pruning_pays").asBoolean()).isTrue();
    double budget = result.get("budget_micros").asDouble();
    JsonNode adaptive = policy(result, "plans", "adaptive");
    assertThat(adaptive.get("windows")).hasSize(30);
    adaptive
        .get("windows")
        .forEach(w -> assertThat(w.get("micros").asDouble()).isLessThanOrEqualTo(budget));
    assertThat(adaptive.get("rise").get("low").asDouble())
        .isLessThan(adaptive.get("rise").get("value").asDouble());
    JsonNode alternate = policy(result, "plans", "alternate");
    assertThat(alternate.get("windows").get(29).get("action").asText()).isEqualTo("full");
    assertThat(policy(result, "plans", "static").get("replanned").asInt()).isEqualTo(1);
    // Without hysteresis widths change at least as often.
    sparsity(
        CUT.resolve("outcomes.json"), "--tokens", "65536", "--budget", "0.7", "--hysteresis", "0");
    assertThat(policy(result(), "plans", "adaptive").get("replanned").asInt())
        .isGreaterThanOrEqualTo(adaptive.get("replanned").asInt());
  }

  @Test
  void smallBatchesGainNothing() throws IOException {
    CommandRun run =
        sparsity(CUT.resolve("outcomes.json"), "--tokens", "512", "--min-speedup", "1.5");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("512 at once: no gain from pruning at these shapes: ");
    assertThat(result().get("plans")).isEmpty();
  }

  @Test
  void heldOutOutcomesArePredictedFromTheOthers() throws IOException {
    ArrayNode fit = JSON.createArrayNode();
    ArrayNode held = JSON.createArrayNode();
    for (JsonNode outcome : JSON.readTree(CUT.resolve("outcomes.json").toFile())) {
      int plan = outcome.get("plan").asInt();
      (plan % 2 == 0 ? held : fit).add(outcome);
    }
    Path fitted = folder.resolve("fit.json");
    Path unseen = folder.resolve("held.json");
    JSON.writeValue(fitted.toFile(), fit);
    JSON.writeValue(unseen.toFile(), held);
    CommandRun run = sparsity(fitted, "--held-out", unseen.toString(), "--tokens", "65536");
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode adaptive = policy(result(), "held_out", "adaptive");
    assertThat(adaptive.get("outcomes")).hasSize(9);
    assertThat(adaptive.get("spearman").asDouble()).isGreaterThan(0.8);
    assertThat(run.out()).contains("adaptive, 9 outcomes held out: order 0.");
  }

  @Test
  void wrongInputIsNamed() throws IOException {
    String text = Files.readString(CUT.resolve("outcomes.json"));
    Path wrong = folder.resolve("wrong.json");
    Files.writeString(wrong, text.replaceFirst("\"static\"", "\"sometimes\""));
    CommandRun run = sparsity(wrong, "--tokens", "65536");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.lastError())
        .isEqualTo(
            "sextant: "
                + wrong
                + ": entry 0: policy 'sometimes' is not static, adaptive or alternate. Correct it,"
                + " or remove the entry");
    Files.writeString(wrong, text.replace("\"bottom.fc1\": 1.0", "x").replace("1.0", "0.9"));
    assertThat(sparsity(wrong, "--tokens", "65536").lastError())
        .isEqualTo(
            "sextant: "
                + wrong
                + ": no plan keeps everything. Add the outcome with all"
                + " densities 1");
    assertThat(sparsity(CUT.resolve("outcomes.json"), "--tokens", "7").lastError())
        .endsWith("no BF16 time for 7 tokens. Measure with gpu-validate pruned --tokens 7");
    assertThat(
            sparsity(CUT.resolve("outcomes.json"), "--tokens", "65536", "--chain", "mid=3-4-5")
                .lastError())
        .contains("no importance of mid.fc1; there is [bottom.fc1, top.fc1, top.fc2, top.fc3]");
    assertThat(
            sparsity(CUT.resolve("outcomes.json"), "--tokens", "65536", "--budget", "2").exitCode())
        .isEqualTo(2);
  }
}
