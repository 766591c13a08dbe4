package io.sextant.jobs.placement;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.CommandRun;
import io.sextant.jobs.TestPacks;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.spec.ClusterSpecs;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.spec.ServingProfiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs compare: plans on two sample days and scores on the next. */
class CompareCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;
  private static Path linear;

  @BeforeAll
  static void ingest() throws Exception {
    List<String> arguments = new ArrayList<>(List.of("ingest", "--input"));
    for (String day : new String[] {"day06", "day07", "day08"}) {
      arguments.add(TestPacks.samples().resolve(day + ".safetensors.zst").toString());
    }
    arguments.addAll(
        List.of("--model", "sextant-128x8", "--warehouse", folder.resolve("warehouse").toString()));
    assertThat(CommandRun.of(arguments.toArray(new String[0])).exitCode()).isZero();
    linear = folder.resolve("in-force.json");
    PlacementMaps.write(linear, PlacementMap.linear(ModelSpecs.load("sextant-128x8")));
  }

  private static CommandRun compare(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "compare",
                "--warehouse",
                folder.resolve("warehouse").toString(),
                "--model",
                "sextant-128x8",
                "--to",
                "2026-09-13",
                "--score-from",
                "2026-09-14",
                "--seconds",
                "0.02"));
    arguments.addAll(List.of(more));
    if (!arguments.contains("--cluster")) {
      arguments.addAll(List.of("--cluster", "4x8-h200"));
    }
    return CommandRun.of(arguments.toArray(new String[0]));
  }

  @Test
  void refusesMoreNodesThanCanBePlannedForBeforeSparkStarts() throws Exception {
    Path cluster = folder.resolve("65x8.yaml");
    Files.writeString(
        cluster, ClusterSpecs.text("4x8-h200").replaceFirst("(?m)^nodes: 4$", "nodes: 65"));
    CommandRun run = compare("--slots", "1040", "--cluster", cluster.toString());
    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.lastError()).contains("65 nodes of 8 GPUs are more than can be planned for");
    assertThat(run.err()).doesNotContain("Spark ");
  }

  @Test
  void scoresEveryMethodAndDecidesAgainstTheMapInForce() throws Exception {
    Path json = folder.resolve("compared.json");
    CommandRun run =
        compare(
            "--slots",
            "160",
            "--micro-batch",
            "512",
            "--current",
            linear.toString(),
            "--json",
            json.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode compared = JSON.readTree(json.toFile());
    JsonNode plans = compared.get("plans");
    assertThat(plans.findValuesAsText("plan"))
        .containsExactly(
            "linear", "eplb", "eplb-hierarchical", "coactivation", "flashlb", "sextant", "current");
    for (JsonNode plan : plans) {
      assertThat(run.out()).contains("\n" + plan.get("plan").textValue() + " ");
      for (String figure :
          List.of(
              "remote_nodes_per_token",
              "gpus_per_token",
              "max_over_mean_gpu_load",
              "max_over_mean_node_receive",
              "predicted_layer_micros")) {
        JsonNode interval = plan.get("intervals_95").get(figure);
        assertThat(interval.get(0).doubleValue()).isLessThan(interval.get(1).doubleValue());
        // The figure counts the incomplete last micro-batch too, hence the small allowance.
        assertThat(plan.get(figure).doubleValue())
            .isBetween(
                0.999 * interval.get(0).doubleValue(), 1.001 * interval.get(1).doubleValue());
      }
      assertThat(plan.get("cpu_seconds").isNull())
          .isEqualTo(plan.get("plan").textValue().equals("current"));
    }
    double sextant = plans.get(5).get("remote_nodes_per_token").doubleValue();
    assertThat(sextant).isLessThan(0.9 * plans.get(1).get("remote_nodes_per_token").doubleValue());
    JsonNode decision = compared.get("decision");
    assertThat(decision.get("verdict").textValue()).isEqualTo("publish");
    assertThat(decision.get("gain").get("low").doubleValue())
        .isGreaterThan(decision.get("least_gain").doubleValue());
    assertThat(decision.get("moved_bytes").longValue()).isPositive();
    assertThat(run.out())
        .contains("decision  publish: The layer time falls by", " ms. Serving profile: sglang.\n")
        .contains("CPU seconds of all layers: linear 0.0");
    assertThat(folder.resolve("warehouse/runs")).isDirectory();
    // Only Saturday and Sunday for a plan for Monday, so all days have the same weight.
    assertThat(run.out())
        .contains(
            "days weighted by kind for 2026-09-14, a working day, for every method: 2026-09-12 x 1,"
                + " 2026-09-13 x 1\n");
  }

  @Test
  void scoresEveryPlanUnderEveryProfile() throws Exception {
    Path json = folder.resolve("matrix.json");
    CommandRun run =
        compare(
            "--slots",
            "160",
            "--serving",
            "all",
            "--micro-batch",
            "512",
            "--plan",
            linear.toString(),
            "--json",
            json.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode profiles = JSON.readTree(json.toFile()).get("profiles");
    assertThat(profiles.findValuesAsText("serving"))
        .containsExactlyElementsOf(ServingProfiles.names());
    for (JsonNode profile : profiles) {
      assertThat(profile.get("plans").findValuesAsText("plan"))
          .startsWith("linear", "eplb", "eplb-hierarchical", "coactivation", "flashlb")
          .contains("sextant:" + profile.get("serving").textValue())
          .endsWith(linear.toString())
          .hasSize(6 + ServingProfiles.names().size());
      assertThat(profile.get("plans").findValuesAsText("plan"))
          .contains(profile.get("best_plan").textValue());
    }
    assertThat(run.out()).contains("\n 1 " + ServingProfiles.names().get(0) + " ");
  }

  @Test
  void aDecisionNeedsOneProfile() {
    CommandRun run = compare("--slots", "160", "--serving", "all", "--current", linear.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.lastError())
        .isEqualTo(
            "sextant: --current with --serving all: a decision is made under one profile. Name the"
                + " profile, or give the map with --plan");
  }

  /** The result without the time that planning took. */
  @Test
  void givesTheSameFiguresForTheSameSeed() throws Exception {
    JsonNode[] runs = new JsonNode[2];
    for (int i = 0; i < runs.length; i++) {
      Path json = folder.resolve("same%d.json".formatted(i));
      CommandRun run = compare("--slots", "128", "--micro-batch", "512", "--json", json.toString());
      assertThat(run.exitCode()).as(run.err()).isZero();
      runs[i] = JSON.readTree(json.toFile());
      runs[i].get("plans").forEach(plan -> ((ObjectNode) plan).remove("cpu_seconds"));
      assertThat(runs[i].has("decision")).isFalse();
    }
    assertThat(runs[1]).isEqualTo(runs[0]);
  }

  /** Plans on Saturday to Monday for a Monday, with a weekend weight of a quarter or in full. */
  @Test
  void saysHowDaysCountAndTakesThemAlike() throws Exception {
    String[] window = {"--slots", "128", "--seconds", "0.02", "--to", "2026-09-14"};
    Path weighted = folder.resolve("weighted.json");
    CommandRun byKind = compareOn(weighted, window);
    assertThat(byKind.out())
        .contains(
            "days weighted by kind for 2026-09-14, a working day, for every method:"
                + " 2026-09-12 x 0.25, 2026-09-13 x 0.25, 2026-09-14 x 1\n");
    JsonNode days = JSON.readTree(weighted.toFile()).get("days");
    assertThat(days.toString())
        .isEqualTo(
            "{\"alike\":false,\"planned_for\":\"2026-09-14\",\"weights\":{\"2026-09-12\":0.25,"
                + "\"2026-09-13\":0.25,\"2026-09-14\":1.0}}");
    Path alike = folder.resolve("alike.json");
    CommandRun asTheyAre =
        compareOn(
            alike,
            Stream.concat(Stream.of(window), Stream.of("--days-alike")).toArray(String[]::new));
    assertThat(asTheyAre.out())
        .contains(
            "all days alike, for every method: 2026-09-12 x 1, 2026-09-13 x 1, 2026-09-14 x 1\n");
    JsonNode all = JSON.readTree(alike.toFile());
    assertThat(all.at("/days/alike").booleanValue()).isTrue();
    assertThat(all.get("planned_from_tokens")).isEqualTo(all.get("window_tokens"));
    JsonNode some = JSON.readTree(weighted.toFile());
    assertThat(some.get("planned_from_tokens").longValue())
        .isBetween(
            some.get("window_tokens").longValue() / 3,
            some.get("window_tokens").longValue() * 2 / 3);
    // The baselines see the same days: EPLB's map differs too.
    assertThat(all.at("/plans/1/max_over_mean_gpu_load"))
        .isNotEqualTo(some.at("/plans/1/max_over_mean_gpu_load"));
  }

  private CommandRun compareOn(Path json, String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "compare",
                "--warehouse",
                folder.resolve("warehouse").toString(),
                "--model",
                "sextant-128x8",
                "--cluster",
                "4x8-h200",
                "--score-from",
                "2026-09-14",
                "--json",
                json.toString()));
    arguments.addAll(List.of(options));
    CommandRun run = CommandRun.of(arguments.toArray(new String[0]));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  /** A sample day has only one micro-batch of 8,192 tokens. */
  @Test
  void hasNoIntervalsAndNoVerdictWhereMicroBatchesAreFew() throws Exception {
    Path json = folder.resolve("few.json");
    CommandRun run =
        compare("--slots", "128", "--current", linear.toString(), "--json", json.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(
            "decision  insufficient evidence: 1 held-out micro-batches are fewer than the 24 that a"
                + " judgement needs.");
    JsonNode compared = JSON.readTree(json.toFile());
    assertThat(
            compared.get("plans").get(0).get("intervals_95").get("remote_nodes_per_token").isNull())
        .isTrue();
    assertThat(compared.get("decision").get("gain").isNull()).isTrue();
  }

  @Test
  void namesWhatIsWrongInOneLine() throws Exception {
    CommandRun twice = compare("--slots", "128", "--plan", linear.toString(), linear.toString());
    assertThat(twice.exitCode()).isEqualTo(2);
    assertThat(twice.lastError())
        .isEqualTo(
            "sextant: --plan %s: there is another plan with that name. Name each map once, and do not give a map the name of a method"
                .formatted(linear));
    CommandRun gain = compare("--slots", "128", "--minimum-gain", "-1");
    assertThat(gain.exitCode()).isEqualTo(2);
    assertThat(gain.lastError())
        .isEqualTo(
            "sextant: --minimum-gain -1.0: it must be at least 0 and below 100. Leave the"
                + " option out to use the default");
    Path broken = folder.resolve("broken.json");
    Files.writeString(broken, "[");
    CommandRun unreadable = compare("--slots", "128", "--current", broken.toString());
    assertThat(unreadable.exitCode()).isEqualTo(2);
    assertThat(unreadable.lastError()).contains(broken.toString());
  }
}
