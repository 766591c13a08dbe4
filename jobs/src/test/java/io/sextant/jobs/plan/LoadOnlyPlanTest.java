package io.sextant.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.jobs.CommandRun;
import io.sextant.jobs.TestPacks;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.spec.ModelSpecs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans for engines that only count the tokens of each expert. */
class LoadOnlyPlanTest {
  private static final Path FORMATS = TestPacks.resource("formats");

  @TempDir private static Path folder;

  @BeforeAll
  static void ingestCounts() {
    CommandRun ingest =
        run(
            "ingest",
            "--input",
            FORMATS.resolve("sglang/stat.pt").toString(),
            FORMATS.resolve("tensorrt-llm/rank2.safetensors").toString());
    assertThat(ingest.exitCode()).as(ingest.err()).isZero();
    assertThat(ingest.out())
        .contains(
            "2 of the files only count tokens of each expert, over 10 steps",
            "traffic cannot be computed from them",
            "0 files and 0 requests quarantined");
  }

  private static CommandRun run(String command, String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.add(command);
    arguments.addAll(List.of("--warehouse", folder.resolve("warehouse").toString()));
    arguments.addAll(List.of("--model", "sextant-128x8"));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray(new String[0]));
  }

  private static CommandRun solve(String out, String... more) {
    List<String> arguments = new ArrayList<>(List.of("--cluster", "4x8-h200", "--slots", "160"));
    arguments.addAll(List.of("--out", folder.resolve(out).toString()));
    arguments.addAll(List.of(more));
    return run("solve", arguments.toArray(new String[0]));
  }

  @Test
  void balancesLoadAndSaysThatTrafficIsNotConsidered() throws Exception {
    CommandRun solved = solve("plan");
    assertThat(solved.exitCode()).as(solved.err()).isZero();
    assertThat(solved.out())
        .contains("over 10 counted steps", "traffic cannot be computed from counts");
    PlacementMap map =
        PlacementMaps.read(folder.resolve("plan/placement.json"), ModelSpecs.load("sextant-128x8"));
    assertThat(map.faults(32)).isEmpty();
    assertThat(map.sharedGpus(32)).isEmpty();
    JsonNode plans = new ObjectMapper().readTree(folder.resolve("plan/metrics.json").toFile());
    JsonNode sextant = plans.get(2);
    assertThat(sextant.get("plan").textValue()).isEqualTo("sextant");
    assertThat(sextant.get("remote_nodes_per_token").isNull()).isTrue();
    assertThat(sextant.get("traffic").textValue()).startsWith("not considered");
    double balance = sextant.get("max_over_mean_gpu_load").doubleValue();
    assertThat(balance)
        .isLessThan(plans.get(0).get("max_over_mean_gpu_load").doubleValue())
        .isLessThan(plans.get(1).get("max_over_mean_gpu_load").doubleValue());
    solve("again");
    assertThat(Files.readAllBytes(folder.resolve("again/placement.json")))
        .isEqualTo(Files.readAllBytes(folder.resolve("plan/placement.json")));
  }

  /** Counts do not tell phases or traffic, and the report must not say otherwise anywhere. */
  @Test
  void theReportOfCountsSaysOnlyWhatCountsTell() throws Exception {
    assertThat(run("analyze").exitCode()).isZero();
    assertThat(solve("reported").exitCode()).isZero();
    Path html = folder.resolve("report.html");
    CommandRun report =
        run(
            "report",
            "--placement",
            folder.resolve("reported").toString(),
            "--out",
            html.toString());
    assertThat(report.exitCode()).as(report.err()).isZero();
    assertThat(report.out())
        .startsWith("The busiest GPU carries ")
        .contains("under linear with as many slots; traffic between nodes is not available");
    Matcher found =
        Pattern.compile("id=\"report-data\">(.*?)</script>").matcher(Files.readString(html));
    assertThat(found.find()).isTrue();
    JsonNode data = new ObjectMapper().readTree(found.group(1));
    assertThat(data.at("/traces/value/requests").asLong()).isZero();
    assertThat(data.at("/traces/value/countedSteps").asLong()).isPositive();
    assertThat(data.at("/load/value/prefill").isNull()).isTrue();
    assertThat(data.at("/load/value/decode").isNull()).isTrue();
    assertThat(data.at("/load/value/unphased")).hasSize(6);
    assertThat(data.at("/imbalance/value/all")).noneMatch(JsonNode::isNull);
    assertThat(data.at("/imbalance/value/decode")).allMatch(JsonNode::isNull);
    assertThat(data.at("/traffic/value/plans").findValuesAsText("name"))
        .containsExactly("linear", "greedy", "sextant");
    assertThat(data.at("/traffic/value/plans/2/all/remoteNodesPerToken").isNull()).isTrue();
    assertThat(data.at("/traffic/value/identity/planId"))
        .isEqualTo(data.at("/placement/value/planId"));
    assertThat(data.at("/traffic/value/serving").asText())
        .isEqualTo(data.at("/placement/value/serving").asText())
        .isEqualTo("none");
    assertThat(data.at("/map/value/experts")).hasSize(6);
    assertThat(data.at("/links/note").asText())
        .isEqualTo(
            "engines only counted tokens of each expert; traffic cannot be computed from counts");
  }

  @Test
  void analyzeFillsTheLoadAndNothingThatNeedsTokens() {
    CommandRun analyzed = run("analyze");
    assertThat(analyzed.exitCode()).as(analyzed.err()).isZero();
    Path warehouse = folder.resolve("warehouse");
    assertThat(warehouse.resolve("expert_load")).isDirectory();
    assertThat(warehouse.resolve("imbalance")).isDirectory();
  }

  @Test
  void refusesWhatNeedsTraces() throws Exception {
    assertThat(solve("current").exitCode()).isZero();
    for (String option : new String[] {"--group", "--current"}) {
      CommandRun refused =
          option.equals("--group")
              ? solve("no", option)
              : solve("no", option, folder.resolve("current").toString());
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.err())
          .contains("they only count tokens of each expert, and " + option + " needs each token's");
      assertThat(folder.resolve("no")).doesNotExist();
    }
  }

  @Test
  void refusesToScoreOnDaysWithoutCounts() {
    CommandRun refused = solve("no", "--score-from", "2031-01-01");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains("the warehouse has none. Check --score-from and --score-to: it has 1 day,");
  }

  @Test
  void evaluateRefusesAFileOfCounts() {
    CommandRun refused =
        CommandRun.of(
            "evaluate",
            "--placement",
            "linear",
            "--model",
            "sextant-128x8",
            "--cluster",
            "4x8-h200",
            "--input",
            FORMATS.resolve("vllm/expert_load_stats.jsonl").toString());
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains("expert_load_stats.jsonl", "traffic cannot be computed from it");
  }
}
