package io.sextant.schema.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacementMapsTest {
  private static final ModelSpec MODEL = ModelSpecs.load("sextant-128x8");

  @TempDir Path folder;

  @Test
  void readsTheEnginesMapWithTheModelsLayers() throws Exception {
    PlacementMap map = peer("eplb-days4to7-4x8-128slots");
    assertThat(map.model()).isEqualTo("sextant-128x8");
    assertThat(map.layers()).containsExactly(1, 3, 5, 7, 9, 11);
    assertThat(map.slots(0)).isEqualTo(128);
    assertThat(map.physicalToLogical()[0]).startsWith(29, 92, 51, 120);
    map.requireSound("map", 32);
  }

  @Test
  void findsCopiesThatShareAGpu() throws Exception {
    PlacementMap map = peer("eplb-days4to7-8x8-192slots");
    map.requireUsable("map", 64);
    assertThat(map.sharedGpus(64))
        .containsExactly(
            "layer 1, slot 190: GPU 63 already holds a copy of expert 127",
            "layer 5, slot 187: GPU 62 already holds a copy of expert 7",
            "layer 11, slot 190: GPU 63 already holds a copy of expert 63");
    assertThat(message(() -> map.requireSound("m.json", 64)))
        .matches(
            "m.json: layer \\d+, slot \\d+: GPU \\d+ already holds a copy of expert \\d+\\. Put the"
                + " copies of an expert on different GPUs");
  }

  @Test
  void recordsTheProfileThatAMapWasPlannedFor() throws Exception {
    PlacementMap map = new PlacementMap("m", 2, List.of(1), new int[][] {{0, 1}});
    PlannedFor profile = new PlannedFor("my \"own\"", CopyRule.TOKEN_HASH);
    Path file = folder.resolve("planned.json");
    PlacementMaps.write(file, map, profile);
    assertThat(PlacementMaps.read(file, null)).isEqualTo(map);
    assertThat(PlacementMaps.plannedFor(file)).contains(profile);
    PlacementMaps.write(file, map, PlannedFor.NONE);
    assertThat(PlacementMaps.plannedFor(file)).contains(PlannedFor.NONE);
    assertThat(file).content().contains("\"serving\": \"none\"").doesNotContain("copy_rule");
    PlacementMaps.write(file, map);
    assertThat(PlacementMaps.plannedFor(file)).isEmpty();
    for (String others : List.of("[[0, 1]]", "{\"physical_to_logical_map\": [[0, 1]]}", "a: 1")) {
      Files.writeString(file, others);
      assertThat(PlacementMaps.plannedFor(file)).isEmpty();
    }
  }

  @Test
  void namesAProfileThatIsIncomplete() throws Exception {
    PlacementMap map = new PlacementMap("m", 2, List.of(1), new int[][] {{0, 1}});
    Path file = folder.resolve("profile.json");
    String whole = PlacementMaps.toJson(map, new PlannedFor("vllm", CopyRule.TOKEN_HASH));
    for (String wrong :
        List.of(
            whole.replace("token-hash", "dice"),
            whole.replace("\"vllm\"", "3"),
            whole.replace("  \"serving\": \"vllm\",\n", ""))) {
      Files.writeString(file, wrong);
      assertThat(message(() -> PlacementMaps.read(file, null)))
          .isEqualTo(
              file
                  + ": 'serving' is not a name or 'copy_rule' not one of nearest, random, lp,"
                  + " token-hash, rank, round-robin, ideal. Correct both, or leave both out");
    }
  }

  @Test
  void writesOurOwnJsonARowALine() throws Exception {
    PlacementMap map = new PlacementMap("m", 2, List.of(1, 3), new int[][] {{0, 1}, {1, 0, 1, 0}});
    assertThat(PlacementMaps.toJson(map))
        .isEqualTo(
            """
            {
              "model": "m",
              "experts": 2,
              "layers": [1, 3],
              "physical_to_logical_map": [
                [0, 1],
                [1, 0, 1, 0]
              ]
            }
            """);
    Path file = folder.resolve("map.json");
    PlacementMaps.write(file, map);
    assertThat(PlacementMaps.read(file, null)).isEqualTo(map);
  }

  @Property(tries = 50)
  void whatIsWrittenIsRead(
      @ForAll @IntRange(max = 1_000_000) int seed, @ForAll @IntRange(max = 2) int copies)
      throws IOException {
    PlacementMap map = shuffled(seed, 128 + 32 * copies);
    assertThat(read(PlacementMaps.toJson(map), MODEL)).isEqualTo(map);
    assertThat(read(PlacementMaps.toJson(map), null)).isEqualTo(map);
    assertThat(read(sglang(map), MODEL)).isEqualTo(map);
    PlacementMap all = EngineFormat.SGLANG.rowsOf(map, MODEL, EngineRows.AUTO);
    assertThat(all.layers()).hasSize(12);
    assertThat(read(sglang(all), MODEL)).isEqualTo(map);
  }

  @Test
  void mapsThatAreNoneAreNamed() {
    assertThat(message(() -> PlacementMaps.read(folder.resolve("none.json"), MODEL)))
        .isEqualTo(folder.resolve("none.json") + ": there is no such file. Name a placement map");
    assertThat(message(() -> read("{", MODEL))).startsWith("map.json: not JSON: ");
    assertThat(message(() -> read("{\"map\": []}", MODEL)))
        .isEqualTo(
            "map.json: physical_to_logical_map: there is no such list. Name a placement map");
    assertThat(message(() -> read("{\"physical_to_logical_map\": [[0, 1.5]]}", MODEL)))
        .isEqualTo(
            "map.json: physical_to_logical_map row 0: not a list of whole numbers. Name a placement"
                + " map");
    assertThat(message(() -> read("{\"physical_to_logical_map\": [[0, 1]]}", null)))
        .isEqualTo("map.json: the map does not say which model it is for. Name the model with it");
    assertThat(message(() -> read("{\"physical_to_logical_map\": [[0, 1]]}", MODEL)))
        .isEqualTo(
            "map.json: 1 rows, but sextant-128x8 has 6 MoE layers (12"
                + " layers in all). Name a map of this model");
    String other = PlacementMaps.toJson(PlacementMap.linear(ModelSpecs.load("mixtral-8x7b")));
    assertThat(message(() -> read(other, MODEL)))
        .startsWith("map.json: the map is for mixtral-8x7b with 8 experts in layers [0, 1,");
  }

  @Test
  void unusableMapsAreNamed() {
    int[][] slots = PlacementMap.linear(MODEL).physicalToLogical();
    slots[2][7] = 128;
    PlacementMap map = new PlacementMap("sextant-128x8", 128, MODEL.moeLayers(), slots);
    assertThat(map.faults(32))
        .containsExactly(
            "layer 5, slot 7: expert 128 is not one of the 128 experts",
            "layer 5: expert 7 has no slot");
    assertThat(message(() -> map.requireUsable("m.json", 32)))
        .isEqualTo(
            "m.json: layer 5, slot 7: expert 128 is not one of the 128 experts (and 1 more). Make a"
                + " map for 32 GPUs with every expert in it");
    assertThat(PlacementMap.linear(MODEL).faults(48))
        .hasSize(6)
        .contains("layer 1 has 128 slots, which 48 GPUs do not divide");
  }

  @Test
  void unusedSlotsAreNamed() {
    int[][] slots = new int[6][];
    for (int row = 0; row < slots.length; row++) {
      slots[row] = IntStream.range(0, 160).map(slot -> slot < 150 ? slot % 128 : -1).toArray();
    }
    PlacementMap map = new PlacementMap("sextant-128x8", 128, MODEL.moeLayers(), slots);
    assertThat(message(() -> map.requireUsable("m.json", 32)))
        .isEqualTo(
            "m.json: layer 1, slot 150 is unused (-1), and unused slots are not supported (and 59"
                + " more). Make a map for 32 GPUs with every expert in it");
  }

  @Test
  void aPlanKeepsTheCopiesOfTheMapInForceAndMakesNoOthers() {
    List<Integer> layers = List.of(0);
    PlacementMap twice = new PlacementMap("m", 3, layers, new int[][] {{0, 0, 1, 2}});
    PlacementMap three = new PlacementMap("m", 3, layers, new int[][] {{0, 1, 2, 2}});
    twice.requireSound("the plan", 2, twice);
    assertThat(message(() -> three.requireSound("the plan", 2, twice)))
        .isEqualTo(
            "the plan: layer 0: GPU 1 would hold 2 copies of expert 2. Put the copies of an expert"
                + " on different GPUs");
  }

  @Test
  void filesOfOtherKindsAreToldWhatIsRead() {
    String read =
        "Give JSON (Sextant's, SGLang's, vLLM's or vLLM-Ascend's), TensorRT-LLM's YAML, or phy2log"
            + " as safetensors (safetensors.numpy.save_file)";
    assertThat(message(() -> readBytes("\u0093NUMPY\u0001\u0000v\u0000{'descr'")))
        .isEqualTo("map: a NumPy array (.npy), which is not read as a map. " + read);
    assertThat(message(() -> readBytes("PK\u0003\u0004archive/data.pkl")))
        .isEqualTo(
            "map: a PyTorch file or a zip archive (.pt, .pth, .npz), which is not read as a map. "
                + read);
    assertThat(message(() -> readBytes("\u0080\u0002}q")))
        .startsWith("map: a pickle (.pt, .pkl), which is not read as a map. ");
    assertThat(message(() -> readBytes("\u001f\u008b\b\u0000")))
        .startsWith("map: compressed with gzip, which is not read as a map. ");
  }

  private static PlacementMap readBytes(String latin1) throws IOException {
    byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
    return PlacementMaps.read("map", new ByteArrayInputStream(bytes), MODEL);
  }

  @Test
  void writesTheEnginesFileOnlyIfTheEngineTakesIt() throws Exception {
    Path file = folder.resolve("init.json");
    PlacementMap map = peer("eplb-days4to7-4x8-128slots");
    EngineFormat.SGLANG.write(file, map, 32);
    assertThat(PlacementMaps.read(file, MODEL)).isEqualTo(map);
    assertThat(Files.readString(file))
        .startsWith("{\n  \"physical_to_logical_map\": [\n    [29, 92,");

    Path none = folder.resolve("none.json");
    int[][] uneven = PlacementMap.linear(MODEL).physicalToLogical();
    uneven[1] = IntStream.range(0, 160).map(slot -> slot % 128).toArray();
    PlacementMap unevenMap = new PlacementMap("sextant-128x8", 128, MODEL.moeLayers(), uneven);
    assertThat(message(() -> EngineFormat.SGLANG.write(none, unevenMap, 32)))
        .isEqualTo(
            none
                + ": layer 3 has 160 slots, but layer 1 has 128. SGLang needs the same number of"
                + " slots in every layer");
    assertThat(message(() -> EngineFormat.SGLANG.write(none, map, 48)))
        .startsWith(none + ": layer 1 has 128 slots, which 48 GPUs do not divide (and 5 more).");
    assertThat(folder).isDirectoryNotContaining("glob:**none*");
  }

  private static PlacementMap shuffled(int seed, int slots) {
    Random random = new Random(seed);
    int[][] rows = new int[MODEL.moeLayers().size()][];
    for (int i = 0; i < rows.length; i++) {
      List<Integer> row = new ArrayList<>();
      IntStream.range(0, slots).forEach(slot -> row.add(slot % 128));
      Collections.shuffle(row, random);
      rows[i] = row.stream().mapToInt(Integer::intValue).toArray();
    }
    return new PlacementMap(MODEL.name(), 128, MODEL.moeLayers(), rows);
  }

  private static String sglang(PlacementMap map) {
    return new String(EngineFormat.SGLANG.encode("map", map, 32), StandardCharsets.UTF_8);
  }

  private static PlacementMap peer(String name) throws IOException {
    try (var in = PlacementMapsTest.class.getResourceAsStream("/placements/" + name + ".json")) {
      return PlacementMaps.read(name, in, MODEL);
    }
  }

  private static PlacementMap read(String json, ModelSpec model) throws IOException {
    return PlacementMaps.read(
        "map.json", new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), model);
  }

  private static String message(ThrowingCallable call) {
    return catchThrowableOfType(InvalidInputException.class, call).getMessage();
  }
}
