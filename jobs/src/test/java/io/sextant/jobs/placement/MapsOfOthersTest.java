package io.sextant.jobs.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.CommandRun;
import io.sextant.jobs.TestPacks;
import io.sextant.schema.placement.EngineFormat;
import io.sextant.schema.placement.EngineRows;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Maps as other programs write them, scored on a sample day. The figures of the permutation come
 * from an independent scorer in NumPy.
 */
class MapsOfOthersTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ModelSpec MODEL = ModelSpecs.load("sextant-128x8");
  private static final Path MAPS = Path.of("src/test/resources/maps");
  private static final int GPUS = 32;

  @TempDir private static Path folder;

  @BeforeAll
  static void ingest() {
    CommandRun.done(
        "ingest",
        "--input",
        day(),
        "--model",
        "sextant-128x8",
        "--warehouse",
        folder.resolve("warehouse").toString());
  }

  private static String day() {
    return TestPacks.samples().resolve("day08.safetensors.zst").toString();
  }

  private static PlacementMap map(String name) {
    return PlacementMaps.read(MAPS.resolve(name + ".json"), MODEL);
  }

  private static JsonNode evaluate(Path... maps) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("evaluate", "--placement"));
    Arrays.stream(maps).map(Path::toString).forEach(arguments::add);
    Path json = folder.resolve("evaluated.json");
    arguments.addAll(
        List.of("--model", "sextant-128x8", "--cluster", "4x8-h200", "--micro-batch", "1024"));
    arguments.addAll(List.of("--input", day(), "--json", json.toString()));
    CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return JSON.readTree(json.toFile());
  }

  @Test
  void aPermutationIsScoredAsInNumPy() throws Exception {
    Path allLayers = folder.resolve("all-layers.json");
    PlacementMap rows = EngineFormat.SGLANG.rowsOf(map("permutation"), MODEL, EngineRows.ALL);
    EngineFormat.SGLANG.write(allLayers, rows, GPUS);
    JsonNode scored = evaluate(MAPS.resolve("permutation.json"), allLayers);
    for (JsonNode plan : scored) {
      assertThat(plan.get("remote_nodes_per_token").doubleValue())
          .isEqualTo(2.7227063301282053, within(1e-9));
      assertThat(plan.get("max_over_mean_gpu_load").doubleValue())
          .isEqualTo(1.5190805288461537, within(1e-9));
    }
    assertThat(scored).hasSize(2);
  }

  @Test
  void oneMapHasOneScoreInEveryEnginesFile() throws Exception {
    PlacementMap redundant = map("redundant");
    List<Path> files = new ArrayList<>();
    for (EngineFormat format : EngineFormat.values()) {
      Path file = folder.resolve(format.fileName());
      if (format == EngineFormat.VLLM_ASCEND) {
        Files.writeString(file, ascend(redundant));
      } else {
        format.write(file, format.rowsOf(redundant, MODEL, EngineRows.AUTO), GPUS);
      }
      files.add(file);
    }
    JsonNode scored = evaluate(files.toArray(Path[]::new));
    assertThat(scored).hasSize(EngineFormat.values().length);
    assertThat(scored)
        .extracting(plan -> plan.get("remote_nodes_per_token"))
        .containsOnly(scored.get(0).get("remote_nodes_per_token"));
    assertThat(scored)
        .extracting(plan -> plan.get("max_over_mean_gpu_load"))
        .containsOnly(scored.get(0).get("max_over_mean_gpu_load"));
  }

  /** A GPU holds two copies of an expert, which Sextant's writer refuses for this engine. */
  private static String ascend(PlacementMap map) throws Exception {
    ObjectNode root = JSON.createObjectNode().put("moe_layer_count", map.layers().size());
    for (int[] row : map.physicalToLogical()) {
      ObjectNode layer = root.withArray("layer_list").addObject().put("device_count", GPUS);
      for (int gpu = 0; gpu < GPUS; gpu++) {
        ObjectNode device = layer.withArray("device_list").addObject().put("device_id", gpu);
        for (int slot = 0; slot < row.length / GPUS; slot++) {
          device.withArray("device_expert").add(row[gpu * (row.length / GPUS) + slot]);
        }
      }
    }
    return JSON.writeValueAsString(root);
  }

  /** EPLB puts two copies of a hot expert on one GPU, be it 33 of them or one pair. */
  @ParameterizedTest
  @ValueSource(strings = {"many", "pair"})
  void solveKeepsOrMendsCopiesOnOneGpuAndMakesNoOthers(String kind) throws Exception {
    PlacementMap current = kind.equals("many") ? map("copies-on-one-gpu") : withOnePair();
    assertThat(current.sharedGpus(GPUS)).hasSizeGreaterThanOrEqualTo(1);
    Path file = folder.resolve(kind + ".json");
    PlacementMaps.write(file, current);
    Path out = folder.resolve("plan-" + kind);
    CommandRun run = solve(file, "160", out);
    assertThat(run.exitCode()).as(run.err()).isZero();
    PlacementMap plan = PlacementMaps.read(out.resolve("placement.json"), MODEL);
    plan.requireSound("the plan", GPUS, current);
    assertThat(plan.sharedGpus(GPUS).size()).isLessThanOrEqualTo(current.sharedGpus(GPUS).size());
  }

  /** Exchanges a neighbour of the first copied expert's first copy with its second copy. */
  private static PlacementMap withOnePair() {
    PlacementMap map = map("redundant");
    int[] row = map.physicalToLogical()[0];
    int second = 128;
    int first = 0;
    while (row[first] != row[second]) {
      first++;
    }
    int neighbour = first % 5 == 0 ? first + 1 : first / 5 * 5;
    int former = row[neighbour];
    row[neighbour] = row[second];
    row[second] = former;
    return map;
  }

  private static CommandRun solve(Path current, String slots, Path out) {
    return CommandRun.of(
        "solve",
        "--warehouse",
        folder.resolve("warehouse").toString(),
        "--model",
        "sextant-128x8",
        "--cluster",
        "4x8-h200",
        "--micro-batch",
        "1024",
        "--seconds",
        "0.02",
        "--slots",
        slots,
        "--current",
        current.toString(),
        "--max-moved-bytes",
        "5%",
        "--out",
        out.toString());
  }

  @Test
  void mapsOfOtherSlotsAreNoCurrentMap() {
    CommandRun run = solve(MAPS.resolve("redundant.json"), "128", folder.resolve("none"));
    assertThat(run.lastError())
        .endsWith(
            "layer 1: 160 slots, but 128 are planned for. Plan with the --slots of the map in"
                + " force, or without --current");
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void whatIsNoMapIsOneLine() throws Exception {
    Path file = folder.resolve("online.yaml");
    Files.writeString(file, "num_slots: 160\nlayer_updates_per_iter: 2\n");
    assertOneLine(file, "the balancer places the experts itself while it runs.");
    Path array = folder.resolve("phy2log.npy");
    Files.write(array, "\u0093NUMPY\u0001\u0000v\u0000".getBytes(StandardCharsets.ISO_8859_1));
    assertOneLine(array, ": a NumPy array (.npy), which is not read as a map. Give JSON ");
    Path devices = folder.resolve("devices.json");
    String text = ascend(map("redundant"));
    Files.writeString(devices, text.replace("\"moe_layer_count\":6", "\"moe_layer_count\":58"));
    assertOneLine(devices, ": moe_layer_count: 58, but 6 are listed.");
    Files.writeString(devices, text.replaceFirst("\"device_expert\":\\[", "$05,"));
    assertOneLine(devices, "layer_list 0: device 1: device_expert: 5 experts, but device 0 has 6.");
  }

  private static void assertOneLine(Path map, String message) {
    CommandRun run =
        CommandRun.of(
            "evaluate",
            "--placement",
            map.toString(),
            "--model",
            "sextant-128x8",
            "--cluster",
            "4x8-h200",
            "--input",
            day());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines().filter(line -> line.startsWith("sextant:")))
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains(message);
  }
}
