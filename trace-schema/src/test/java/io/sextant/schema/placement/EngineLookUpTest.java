package io.sextant.schema.placement;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Looks layers up in an exported file as the engine's own source does, and expects the plan of each
 * layer. The test does not use our readers: each engine is described by its look-up.
 */
class EngineLookUpTest {
  private static final int GPUS = 32;

  @TempDir private Path folder;

  /**
   * An engine's way of finding the experts in the slots of a layer; empty if it has none for the
   * layer.
   */
  private interface LookUp {
    /**
     * @param layer the absolute id
     * @param place number of MoE layers that the engine built before, MTP layers last
     */
    List<Integer> slots(byte[] file, int layer, int place) throws IOException;
  }

  /** {@code physical_to_logical_map[layer_id]} (sglang/srt/eplb/expert_location_dispatch.py). */
  private static List<Integer> sglang(byte[] file, int layer, int place) throws IOException {
    JsonNode root = new ObjectMapper().readTree(file);
    assertThat(root.size()).isEqualTo(1);
    return integers(root.get("physical_to_logical_map").get(layer));
  }

  /** {@code initial_global_assignments[str(i)]} of the record, i over the model's MoE layers. */
  private static List<Integer> vllmRecord(byte[] file, int layer, int place) throws IOException {
    JsonNode record = new ObjectMapper().readTree(file);
    JsonNode rows = record.get("initial_global_assignments");
    List<Integer> slots = integers(rows.get(Integer.toString(place)));
    assertThat(record.get("num_slots").intValue()).isEqualTo(slots.size());
    return slots;
  }

  /** The i-th list, i over the model's MoE layers. */
  private static List<Integer> vllmList(byte[] file, int layer, int place) throws IOException {
    return integers(new ObjectMapper().readTree(file).get(place));
  }

  /**
   * {@code layer_list[moe_counter]}: counted as layers are built; the first index after the last
   * list is an MTP layer in linear order, the second an error
   * (vllm_ascend/eplb/core/eplb_utils.py).
   */
  private static List<Integer> ascend(byte[] file, int layer, int place) throws IOException {
    JsonNode root = new ObjectMapper().readTree(file);
    int count = root.get("moe_layer_count").intValue();
    assertThat(place).as("Invalid EPLB Table").isLessThanOrEqualTo(count);
    List<Integer> slots = new ArrayList<>();
    for (JsonNode device :
        root.get("layer_list").get(place == count ? 0 : place).get("device_list")) {
      slots.addAll(integers(device.get("device_expert")));
    }
    if (place < count) {
      return slots;
    }
    int experts = Collections.max(slots) + 1;
    return IntStream.range(0, slots.size()).map(slot -> slot % experts).boxed().toList();
  }

  /** {@code initial_global_assignments[layer_idx]}, else a KeyError (llmapi/llm_args.py). */
  private static List<Integer> tensorRt(byte[] file, int layer, int place) throws IOException {
    JsonNode root = new YAMLMapper().readTree(file);
    JsonNode row = root.get("initial_global_assignments").get(Integer.toString(layer));
    assertThat(row).as("layer_idx %d not found in `initial_global_assignments`", layer).isNotNull();
    List<Integer> slots = integers(row);
    assertThat(slots).hasSize(root.get("num_slots").intValue());
    return slots;
  }

  /** {@code phy2log[i]}, i over the layers of the given weights. */
  private static List<Integer> eplb(byte[] file, int layer, int place) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    byte[] header = new byte[(int) bytes.getLong()];
    bytes.get(header);
    JsonNode tensor =
        new ObjectMapper().readTree(new String(header, StandardCharsets.UTF_8)).get("phy2log");
    int slots = tensor.get("shape").get(1).intValue();
    int start = bytes.position() + tensor.get("data_offsets").get(0).intValue() + place * slots * 8;
    return IntStream.range(0, slots)
        .map(slot -> (int) bytes.getLong(start + slot * 8))
        .boxed()
        .toList();
  }

  private static List<Integer> integers(JsonNode list) {
    List<Integer> values = new ArrayList<>();
    list.forEach(value -> values.add(value.intValue()));
    return values;
  }

  private static LookUp lookUp(EngineFormat format) {
    return switch (format) {
      case SGLANG -> EngineLookUpTest::sglang;
      case VLLM_RECORD -> EngineLookUpTest::vllmRecord;
      case VLLM_LIST -> EngineLookUpTest::vllmList;
      case VLLM_ASCEND -> EngineLookUpTest::ascend;
      case TENSORRT_LLM -> EngineLookUpTest::tensorRt;
      case EPLB -> EngineLookUpTest::eplb;
    };
  }

  static Stream<Arguments> modelsAndEngines() {
    return Stream.of(
            "deepseek-v3",
            "deepseek-v2-lite",
            "qwen3-235b-a22b",
            "kimi-k2",
            "gpt-oss-120b",
            "llama4-maverick",
            "sextant-128x8")
        .flatMap(
            model -> Stream.of(EngineFormat.values()).map(format -> Arguments.of(model, format)));
  }

  @ParameterizedTest
  @MethodSource("modelsAndEngines")
  void everyLayerGetsItsOwnPlan(String name, EngineFormat format) throws IOException {
    ModelSpec model = ModelSpecs.load(name);
    PlacementMap plan = randomPlan(model, name.hashCode());
    byte[] file = export(plan, model, format);
    for (int place = 0; place < model.moeLayers().size(); place++) {
      assertThat(lookUp(format).slots(file, model.moeLayers().get(place), place))
          .as("%s, layer %d", format, model.moeLayers().get(place))
          .isEqualTo(boxed(plan.physicalToLogical()[place]));
    }
  }

  @ParameterizedTest
  @MethodSource("modelsAndEngines")
  void mtpLayersAreInLinearOrder(String name, EngineFormat format) throws IOException {
    ModelSpec model = ModelSpecs.load(name);
    if (format == EngineFormat.SGLANG
        || format == EngineFormat.VLLM_ASCEND
        || format == EngineFormat.TENSORRT_LLM) {
      PlacementMap plan = randomPlan(model, 7);
      byte[] file = export(plan, model, format);
      for (int mtp = 0; mtp < model.mtpLayers(); mtp++) {
        // SGLang builds the layer of its draft model with the id 0 (models/deepseek_nextn.py).
        int layer = format == EngineFormat.SGLANG ? 0 : model.layers() + mtp;
        assertThat(lookUp(format).slots(file, layer, model.moeLayers().size() + mtp))
            .isEqualTo(linear(model, plan.slots(0)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("modelsAndEngines")
  void sglangHasARowForEveryHiddenLayer(String name, EngineFormat format) throws IOException {
    if (format == EngineFormat.SGLANG) {
      ModelSpec model = ModelSpecs.load(name);
      PlacementMap plan = randomPlan(model, 3);
      byte[] file = export(plan, model, format);
      JsonNode rows = new ObjectMapper().readTree(file).get("physical_to_logical_map");
      assertThat(rows).hasSize(model.layers());
      for (int layer = 0; layer < model.layers(); layer++) {
        if (!model.moeLayers().contains(layer)) {
          assertThat(integers(rows.get(layer))).isEqualTo(linear(model, plan.slots(0)));
        }
      }
    }
  }

  /** The previous default: no message, and the plans of other layers. */
  @Test
  void theShortFormGivesDeepSeekTheWrongRows() throws IOException {
    ModelSpec model = ModelSpecs.load("deepseek-v3");
    PlacementMap plan = randomPlan(model, 5);
    PlacementMap shortForm = EngineFormat.SGLANG.rowsOf(plan, model, EngineRows.MOE);
    byte[] file = EngineFormat.SGLANG.encode("map", shortForm, GPUS);
    assertThat(sglang(file, 3, 0)).isEqualTo(boxed(plan.physicalToLogical()[3]));
  }

  private byte[] export(PlacementMap plan, ModelSpec model, EngineFormat format)
      throws IOException {
    Path file = format.file("--out", folder);
    format.write(file, format.rowsOf(plan, model, EngineRows.AUTO), GPUS);
    return Files.readAllBytes(file);
  }

  /** A different random order per layer; each GPU has a copy of its neighbour's first expert. */
  private static PlacementMap randomPlan(ModelSpec model, int seed) {
    Random random = new Random(seed);
    int perGpu = model.experts() / GPUS;
    int[][] rows = new int[model.moeLayers().size()][];
    for (int row = 0; row < rows.length; row++) {
      List<Integer> experts = new ArrayList<>(IntStream.range(0, model.experts()).boxed().toList());
      Collections.shuffle(experts, random);
      List<Integer> slots = new ArrayList<>();
      for (int gpu = 0; gpu < GPUS; gpu++) {
        slots.addAll(experts.subList(gpu * perGpu, (gpu + 1) * perGpu));
        slots.add(experts.get((gpu + 1) % GPUS * perGpu));
      }
      rows[row] = slots.stream().mapToInt(Integer::intValue).toArray();
    }
    return new PlacementMap(model.name(), model.experts(), model.moeLayers(), rows);
  }

  private static List<Integer> linear(ModelSpec model, int slots) {
    return IntStream.range(0, slots).map(slot -> slot % model.experts()).boxed().toList();
  }

  private static List<Integer> boxed(int[] row) {
    return IntStream.of(row).boxed().toList();
  }
}
