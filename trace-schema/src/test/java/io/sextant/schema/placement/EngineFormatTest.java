package io.sextant.schema.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EngineFormatTest {
  private static final ModelSpec MODEL = ModelSpecs.load("sextant-128x8");

  /** Two layers of three experts on two GPUs, small enough to read by eye. */
  private static final PlacementMap SMALL =
      new PlacementMap("m", 3, List.of(1, 3), new int[][] {{0, 1, 2, 0}, {1, 2, 0, 1}});

  @TempDir Path folder;

  @Property(tries = 30)
  void whatIsWrittenIsToldApartAndRead(
      @ForAll EngineFormat format,
      @ForAll @IntRange(max = 1_000_000) int seed,
      @ForAll @IntRange(max = 3) int copies)
      throws IOException {
    PlacementMap map = shuffled(seed, 128 + 32 * copies);
    assertThat(read(format.encode("map", map, 32))).isEqualTo(map);
  }

  @ParameterizedTest
  @EnumSource
  void writesARealMapWhole(EngineFormat format) throws Exception {
    PlacementMap map = peer("eplb-days4to7-4x8-128slots");
    Path file = folder.resolve("map");
    format.write(file, map, 32);
    assertThat(PlacementMaps.read(file, MODEL)).isEqualTo(map);
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  @ParameterizedTest
  @EnumSource
  void refusesWhatNoEngineTakesBeforeWriting(EngineFormat format) {
    Path none = folder.resolve("none");
    int[][] uneven = PlacementMap.linear(MODEL).physicalToLogical();
    uneven[1] = IntStream.range(0, 160).map(slot -> slot % 128).toArray();
    PlacementMap unevenMap = new PlacementMap(MODEL.name(), 128, MODEL.moeLayers(), uneven);
    assertThat(message(() -> format.write(none, unevenMap, 32)))
        .startsWith(none + ": layer 3 has 160 slots, but layer 1 has 128. ")
        .endsWith(" needs the same number of slots in every layer");
    assertThat(message(() -> format.write(none, PlacementMap.linear(MODEL), 48)))
        .startsWith(none + ": layer 1 has 128 slots, which 48 GPUs do not divide (and 5 more).");
    PlacementMap empty = new PlacementMap("m", 3, List.of(), new int[0][]);
    assertThat(message(() -> format.write(none, empty, 2)))
        .isEqualTo(none + ": the map has no layers. Make a map of a MoE model");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void ascendTakesNoExpertTwiceOnADevice() throws Exception {
    PlacementMap map = peer("eplb-days4to7-8x8-192slots");
    Path none = folder.resolve("none.json");
    assertThat(message(() -> EngineFormat.VLLM_ASCEND.write(none, map, 64)))
        .isEqualTo(
            none
                + ": layer 1, slot 190: GPU 63 already holds a copy of expert 127 (and 2 more)."
                + " vLLM-Ascend needs the copies of an expert on different devices");
    assertThat(folder).isEmptyDirectory();
    EngineFormat.VLLM_RECORD.write(folder.resolve("map.jsonl"), map, 64);
  }

  @Test
  void writesVllmsRecordInALine() {
    assertThat(text(EngineFormat.VLLM_RECORD))
        .isEqualTo(
            """
            {"record_type": "eplb_initial_mapping", "version": 1, "num_redundant_experts": 1, \
            "num_slots": 4, "initial_global_assignments": {"0": [0, 1, 2, 0], "1": [1, 2, 0, 1]}}
            """);
  }

  @Test
  void writesVllmsList() {
    assertThat(text(EngineFormat.VLLM_LIST))
        .isEqualTo(
            """
            [
              [0, 1, 2, 0],
              [1, 2, 0, 1]
            ]
            """);
  }

  @Test
  void writesAscendsDevices() throws Exception {
    String text = text(EngineFormat.VLLM_ASCEND);
    assertThat(new ObjectMapper().readTree(text))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"moe_layer_count": 2, "layer_list": [
                      {"layer_id": 0, "device_count": 2, "device_list": [
                        {"device_id": 0, "device_expert": [0, 1]},
                        {"device_id": 1, "device_expert": [2, 0]}]},
                      {"layer_id": 1, "device_count": 2, "device_list": [
                        {"device_id": 0, "device_expert": [1, 2]},
                        {"device_id": 1, "device_expert": [0, 1]}]}]}
                    """));
  }

  @Test
  void writesTensorRtsAbsoluteLayers() {
    assertThat(text(EngineFormat.TENSORRT_LLM))
        .isEqualTo(
            """
            initial_global_assignments:
              1: [0, 1, 2, 0]
              3: [1, 2, 0, 1]
            num_slots: 4
            layer_updates_per_iter: 0
            """);
  }

  @Test
  void writesEplbsThreeTensors() {
    ByteBuffer file =
        ByteBuffer.wrap(EngineFormat.EPLB.encode("map", SMALL, 2)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] header = new byte[(int) file.getLong()];
    file.get(header);
    assertThat(new String(header, StandardCharsets.UTF_8).strip())
        .isEqualTo(
            """
            {"phy2log":{"dtype":"I64","shape":[2,4],"data_offsets":[0,64]},\
            "log2phy":{"dtype":"I64","shape":[2,3,2],"data_offsets":[64,160]},\
            "logcnt":{"dtype":"I64","shape":[2,3],"data_offsets":[160,208]}}""");
    assertThat(header.length % 8).isZero();
    long[] values = new long[file.remaining() / Long.BYTES];
    file.asLongBuffer().get(values);
    assertThat(values)
        .containsExactly(
            0, 1, 2, 0, 1, 2, 0, 1, //
            0, 3, 1, -1, 2, -1, 2, -1, 0, 3, 1, -1, //
            2, 1, 1, 1, 2, 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "VLLM_RECORD | \"version\": 1 | \"version\": 2 | m: version: version 2, not 1.",
        "VLLM_RECORD | eplb_initial | other | m: no record of the type eplb_initial_mapping.",
        "VLLM_RECORD | \"1\": | \"3\": | m: initial_global_assignments \"1\": not a list of whole",
        "VLLM_RECORD | [0, 1, 2, 0] | [0, 1, 2] | \"0\": 3 slots, but num_slots is 4.",
        "VLLM_LIST | [0, 1, 2, 0] | 7 | m: list row 0: not a list of whole numbers.",
        "VLLM_ASCEND | layer_count\": 2, | layer_count\": 3, | m: moe_layer_count: 3, but 2 are listed.",
        "VLLM_ASCEND | device_count\": 2, | device_count\": 3, | layer_list 0: device_count: 3, but 2 are listed.",
        "VLLM_ASCEND | device_id\": 1 | device_id\": 5 | m: layer_list 0: device 5 is at position 1.",
        "VLLM_ASCEND | [2, 0] | [2] | device 1: device_expert: 1 experts, but device 0 has 2.",
        "VLLM_ASCEND | device_list | devices | m: layer_list 0: device_list: there is no such list.",
        "TENSORRT_LLM | 3: [ | x: [ | m: initial_global_assignments: 'x' is not a layer id.",
        "TENSORRT_LLM | [0, 1, 2, 0] | [0, 1] | assignments 1: 2 slots, but num_slots is 4.",
        "TENSORRT_LLM | initial_ | final_ | initial_global_assignments: there is no such mapping.",
        "TENSORRT_LLM | [0, | { | m: not JSON, YAML or safetensors: ",
        "SGLANG | [0, 1, 2, 0] | [0, 1.5] | m: physical_to_logical_map row 0: not a list of whole"
      })
  void saysWhatIsWrong(EngineFormat format, String was, String is, String message) {
    String broken = text(format).replace(was, is);
    assertThat(broken).isNotEqualTo(text(format));
    assertThat(message(() -> format.decode("m", broken.getBytes(StandardCharsets.UTF_8))))
        .contains(message)
        .doesNotContain("\n");
  }

  @Test
  void arraysThatDisagreeAreNoMap() {
    byte[] arrays = EngineFormat.EPLB.encode("map", SMALL, 2);
    int data = arrays.length - 208;
    assertThat(message(() -> EngineFormat.EPLB.decode("m", with(arrays, data, 7))))
        .isEqualTo("m: logcnt: does not count the copies in phy2log. Name a placement map");
    assertThat(message(() -> EngineFormat.EPLB.decode("m", with(arrays, data, -1))))
        .isEqualTo(
            "m: phy2log: layer 0, slot 0 holds -1, which is not an expert. Name a placement map");
    assertThat(message(() -> EngineFormat.EPLB.decode("m", with(arrays, data + 64, 1))))
        .isEqualTo("m: log2phy: does not name the slots in phy2log. Name a placement map");
    assertThat(message(() -> EngineFormat.EPLB.decode("m", with(arrays, data + 160, 1))))
        .isEqualTo("m: logcnt: does not count the copies in phy2log. Name a placement map");
    byte[] cut = Arrays.copyOf(arrays, arrays.length / 2);
    assertThat(message(() -> EngineFormat.EPLB.decode("m", cut))).contains("truncated");
    byte[] renamed =
        new String(arrays, StandardCharsets.ISO_8859_1)
            .replace("phy2log", "nothing")
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThat(message(() -> EngineFormat.EPLB.decode("m", renamed)))
        .startsWith("m: phy2log: there is no such integer tensor [layers, slots]");
  }

  @Test
  void aMapOfOtherLayersIsRefused() {
    byte[] yaml = EngineFormat.TENSORRT_LLM.encode("map", SMALL, 2);
    assertThat(message(() -> read(yaml)))
        .isEqualTo(
            "map: the map is for the layers [1, 3], but the MoE layers of sextant-128x8 are"
                + " [1, 3, 5, 7, 9, 11]. Name a map of this model");
  }

  @Test
  void rowsOfMtpLayersAreLeftOutIfTheModelHasThem() throws IOException {
    ModelSpec model = ModelSpecs.load("deepseek-v3");
    PlacementMap map = PlacementMap.linear(model);
    for (EngineFormat format : EngineFormat.values()) {
      PlacementMap rows = format.rowsOf(map, model, EngineRows.AUTO);
      assertThat(
              PlacementMaps.read(
                  "map", new ByteArrayInputStream(format.encode("map", rows, 32)), model))
          .as(format.name())
          .isEqualTo(map);
    }
  }

  @Test
  void aRowTooManyIsNamedIfTheModelHasNoMtpLayer() {
    PlacementMap map = PlacementMap.linear(MODEL);
    List<Integer> layers = new ArrayList<>(MODEL.moeLayers());
    layers.add(12);
    int[][] slots = Arrays.copyOf(map.physicalToLogical(), 7);
    slots[6] = slots[0];
    PlacementMap more = new PlacementMap(MODEL.name(), 128, layers, slots);
    assertThat(message(() -> read(EngineFormat.VLLM_ASCEND.encode("map", more, 32))))
        .isEqualTo(
            "map: 7 rows, 1 too many, but sextant-128x8 has 6 MoE layers (12 layers in all) and 0 MTP"
                + " layers. Name a map of this model, or write mtp_layers: 1 into the model's"
                + " description");
    assertThat(message(() -> read(EngineFormat.TENSORRT_LLM.encode("map", more, 32))))
        .isEqualTo(
            "map: layer 12 is one too many: sextant-128x8 has layers 0 to 11 and 0 MTP layers. Name"
                + " a map of this model, or write mtp_layers: 1 into the model's description");
  }

  @Test
  void rowsThatCanBeTwoThingsAreRefused() {
    ModelSpec glm = oneDenseOneMtp();
    PlacementMap all =
        new PlacementMap(
            "m", 3, List.of(0, 1, 2, 3), new int[][] {{0, 1, 2}, {1, 0, 2}, {2, 1, 0}, {0, 2, 1}});
    byte[] arrays = EngineFormat.EPLB.encode("map", all, 3);
    assertThat(message(() -> PlacementMaps.read("map", new ByteArrayInputStream(arrays), glm)))
        .isEqualTo(
            "map: 4 rows can be those of all 4 layers of m or of its 3 MoE and 1 MTP layers. Leave"
                + " the rows of MTP layers out");
  }

  @Test
  void eachEngineCountsItsRowsAsItsSourceDoes() throws IOException {
    ModelSpec glm = oneDenseOneMtp();
    int[][] slots = {{0, 1, 2}, {1, 0, 2}, {2, 1, 0}, {0, 2, 1}};
    PlacementMap four = new PlacementMap("m", 3, List.of(0, 1, 2, 3), slots);
    byte[] sglang = EngineFormat.SGLANG.encode("map", four, 3);
    byte[] ascend = EngineFormat.VLLM_ASCEND.encode("map", four, 3);
    assertThat(PlacementMaps.read("map", new ByteArrayInputStream(sglang), glm).physicalToLogical())
        .isDeepEqualTo(new int[][] {slots[1], slots[2], slots[3]});
    assertThat(PlacementMaps.read("map", new ByteArrayInputStream(ascend), glm).physicalToLogical())
        .isDeepEqualTo(new int[][] {slots[0], slots[1], slots[2]});
  }

  /** Three MoE layers after a dense one, and an MTP layer: four rows fit both orders. */
  private static ModelSpec oneDenseOneMtp() {
    return new ModelSpec(
        "m",
        4,
        List.of(1, 2, 3),
        3,
        1,
        0,
        8,
        8,
        8,
        MODEL.denseActivation(),
        MODEL.router(),
        null,
        8,
        8,
        1,
        null,
        null,
        MODEL.memory());
  }

  @Test
  void namesThatAnEngineRefusesAreRefused() throws Exception {
    Path text = folder.resolve("map.txt");
    assertThat(message(() -> EngineFormat.VLLM_ASCEND.file("--out", text)))
        .isEqualTo(
            "--out "
                + text
                + ": vLLM-Ascend only loads a map whose name ends in .json. Name it expert_map.json");
    assertThat(message(() -> EngineFormat.SGLANG.file("--out", text)))
        .endsWith("SGLang only loads a map whose name ends in .json. Name it expert_location.json");
    assertThat(EngineFormat.TENSORRT_LLM.file("--out", text)).isEqualTo(text);
    for (EngineFormat format : EngineFormat.values()) {
      Path inFolder = format.file("--out", folder);
      assertThat(inFolder).isEqualTo(folder.resolve(format.fileName()));
      assertThat(format.file("--out", inFolder)).isEqualTo(inFolder);
    }
  }

  @Test
  void enginesAreKnownByName() {
    assertThat(EngineFormat.ids())
        .containsExactly("eplb", "sglang", "tensorrt-llm", "vllm", "vllm-ascend");
    assertThat(EngineFormat.of("--engine", "VLLM_Ascend")).isEqualTo(EngineFormat.VLLM_ASCEND);
    assertThat(message(() -> EngineFormat.of("--engine", "tgi")))
        .isEqualTo(
            "--engine tgi: there is no such engine. Give one of eplb, sglang, tensorrt-llm, vllm,"
                + " vllm-ascend");
  }

  @Test
  void readsTensorRtsBalancerAmongOtherOptionsAndAsJson() throws IOException {
    PlacementMap map = PlacementMap.linear(MODEL);
    String yaml =
        new String(EngineFormat.TENSORRT_LLM.encode("map", map, 32), StandardCharsets.UTF_8);
    String inside = "moe_config:\n  load_balancer:\n    " + yaml.replace("\n", "\n    ");
    assertThat(read(inside.stripTrailing().getBytes(StandardCharsets.UTF_8))).isEqualTo(map);
    String json = new ObjectMapper().writeValueAsString(new YAMLMapper().readTree(yaml));
    assertThat(read(json.getBytes(StandardCharsets.UTF_8))).isEqualTo(map);
    byte[] online = "num_slots: 160\nlayer_updates_per_iter: 2\n".getBytes(StandardCharsets.UTF_8);
    assertThat(message(() -> read(online)))
        .isEqualTo(
            "map: initial_global_assignments: there is no such mapping: the balancer places the"
                + " experts itself while it runs. Name a placement map");
  }

  @Test
  void vllmPassesOverOtherRecords() throws Exception {
    PlacementMap map = peer("eplb-days4to7-4x8-128slots");
    String lines =
        "{\"record_type\": \"eplb_load_meta\", \"version\": 1}\n"
            + new String(EngineFormat.VLLM_RECORD.encode("map", map, 32), StandardCharsets.UTF_8);
    assertThat(read(lines.getBytes(StandardCharsets.UTF_8))).isEqualTo(map);
  }

  /** Copies of an expert are 128 slots apart, so never on one GPU. */
  private static PlacementMap shuffled(int seed, int slots) {
    Random random = new Random(seed);
    int[][] rows = new int[MODEL.moeLayers().size()][slots];
    for (int[] row : rows) {
      List<Integer> experts = new ArrayList<>(IntStream.range(0, 128).boxed().toList());
      Collections.shuffle(experts, random);
      Arrays.setAll(row, slot -> experts.get(slot % 128));
    }
    return new PlacementMap(MODEL.name(), 128, MODEL.moeLayers(), rows);
  }

  private static byte[] with(byte[] bytes, int at, long value) {
    byte[] changed = bytes.clone();
    ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putLong(at, value);
    return changed;
  }

  private static String text(EngineFormat format) {
    return new String(format.encode("map", SMALL, 2), StandardCharsets.UTF_8);
  }

  private static PlacementMap read(byte[] bytes) throws IOException {
    return PlacementMaps.read("map", new ByteArrayInputStream(bytes), MODEL);
  }

  private static PlacementMap peer(String name) throws IOException {
    try (var in = EngineFormatTest.class.getResourceAsStream("/placements/" + name + ".json")) {
      return PlacementMaps.read(name, in, MODEL);
    }
  }

  private static String message(ThrowingCallable call) {
    return catchThrowableOfType(InvalidInputException.class, call).getMessage();
  }
}
