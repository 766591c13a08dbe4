package io.sextant.jobs.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.jobs.CommandRun;
import io.sextant.jobs.TestPacks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * solve, evaluate and export as a user runs them, planned on sample days and scored on the next.
 */
class PlacementCommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;

  @BeforeAll
  static void planOnTwoDays() {
    String warehouse = folder.resolve("warehouse").toString();
    assertThat(
            CommandRun.of(
                    "ingest",
                    "--input",
                    pack("day06"),
                    pack("day07"),
                    pack("day08"),
                    "--model",
                    "sextant-128x8",
                    "--warehouse",
                    warehouse)
                .exitCode())
        .isZero();
    for (String out : new String[] {"plan", "again"}) {
      CommandRun solved =
          CommandRun.of(
              "solve",
              "--warehouse",
              warehouse,
              "--model",
              "sextant-128x8",
              "--cluster",
              "4x8-h200",
              "--slots",
              "160",
              "--to",
              "2026-09-13",
              "--score-from",
              "2026-09-14",
              "--micro-batch",
              "1024",
              "--seconds",
              "1",
              "--out",
              folder.resolve(out).toString());
      assertThat(solved.exitCode()).as(solved.err()).isZero();
      assertThat(solved.out()).contains("linear", "greedy", "sextant");
    }
  }

  private static String pack(String day) {
    return TestPacks.samples().resolve(day + ".safetensors.zst").toString();
  }

  private static JsonNode evaluate(String... placements) throws Exception {
    Path json = folder.resolve("evaluated.json");
    String[] options = {
      "--model",
      "sextant-128x8",
      "--cluster",
      "4x8-h200",
      "--micro-batch",
      "1024",
      "--input",
      pack("day08"),
      "--json",
      json.toString()
    };
    String[] arguments = new String[2 + placements.length + options.length];
    arguments[0] = "evaluate";
    arguments[1] = "--placement";
    System.arraycopy(placements, 0, arguments, 2, placements.length);
    System.arraycopy(options, 0, arguments, 2 + placements.length, options.length);
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return JSON.readTree(json.toFile());
  }

  /** The figures tools/PlacementScore.java prints: linear 4 8 samples/day08 --batch 1024. */
  @Test
  void scoresLinearAsTheIndependentScorerDoes() throws Exception {
    JsonNode linear = evaluate("linear").get(0);
    assertThat(linear.get("remote_nodes_per_token").doubleValue()).isEqualTo(2.7215, within(5e-5));
    assertThat(linear.get("gpus_per_token").doubleValue()).isEqualTo(7.3323, within(5e-5));
    assertThat(linear.get("max_over_mean_gpu_load").doubleValue()).isEqualTo(1.4697, within(5e-5));
    assertThat(linear.get("max_over_mean_node_receive").doubleValue())
        .isEqualTo(1.1188, within(5e-5));
  }

  @Test
  void beatsLinearAndGreedyOnTheNextDay() throws Exception {
    JsonNode linear = evaluate("linear").get(0);
    JsonNode plans =
        evaluate(
            folder.resolve("plan/greedy.json").toString(),
            folder.resolve("plan/placement.json").toString());
    double traffic = plans.get(1).get("remote_nodes_per_token").doubleValue();
    assertThat(traffic)
        .isLessThan(0.85 * linear.get("remote_nodes_per_token").doubleValue())
        .isLessThan(plans.get(0).get("remote_nodes_per_token").doubleValue());
    assertThat(plans.get(1).get("max_over_mean_gpu_load").doubleValue())
        .isLessThan(linear.get("max_over_mean_gpu_load").doubleValue());
  }

  /** The warehouse's rows and the file's are the same tokens in the same order. */
  @Test
  void scoresTheWarehouseAsTheFile() throws Exception {
    JsonNode solved = JSON.readTree(folder.resolve("plan/metrics.json").toFile()).get(2);
    JsonNode evaluated = evaluate(folder.resolve("plan/placement.json").toString()).get(0);
    assertThat(solved.get("plan").textValue()).isEqualTo("sextant");
    assertThat(solved.get("remote_nodes_per_token"))
        .isEqualTo(evaluated.get("remote_nodes_per_token"));
    assertThat(solved.get("micro_batches")).isEqualTo(evaluated.get("micro_batches"));
  }

  @Test
  void givesTheSameBytesForTheSameSeed() throws Exception {
    for (String file : new String[] {"placement.json", "greedy.json", "metrics.json"}) {
      assertThat(folder.resolve("again").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("plan").resolve(file));
    }
  }

  @Test
  void exportsWhatSglangLoads() throws Exception {
    Path file = folder.resolve("expert_location.json");
    CommandRun run =
        CommandRun.of(
            "export",
            "--placement",
            folder.resolve("plan").toString(),
            "--cluster",
            "4x8-h200",
            "--engine",
            "sglang",
            "--out",
            file.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode map = JSON.readTree(file.toFile());
    assertThat(map.size()).isEqualTo(1);
    assertThat(map.get("physical_to_logical_map").size()).isEqualTo(6);
    assertThat(map.get("physical_to_logical_map").get(0).size()).isEqualTo(160);
  }

  @Test
  void namesWhatIsWrongInOneLine() throws Exception {
    CommandRun slots =
        CommandRun.of(
            "solve",
            "--warehouse",
            folder.resolve("warehouse").toString(),
            "--model",
            "sextant-128x8",
            "--cluster",
            "4x8-h200",
            "--slots",
            "130",
            "--out",
            folder.resolve("nothing").toString());
    assertThat(slots.exitCode()).isEqualTo(2);
    assertThat(slots.lastError())
        .isEqualTo(
            "sextant: --slots 130: cannot hold 128 experts evenly on 32 GPUs. Take a multiple of"
                + " 32, at least 128");
    assertThat(folder.resolve("nothing")).doesNotExist();

    byte[] whole = Files.readAllBytes(TestPacks.samples().resolve("day08.safetensors.zst"));
    Path cut = folder.resolve("cut.safetensors.zst");
    Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
    CommandRun damaged =
        CommandRun.of(
            "evaluate",
            "--placement",
            "linear",
            "--model",
            "sextant-128x8",
            "--cluster",
            "4x8-h200",
            "--input",
            cut.toString());
    assertThat(damaged.exitCode()).isEqualTo(2);
    assertThat(damaged.lastError()).contains(cut.toString()).contains("truncated");
  }
}
