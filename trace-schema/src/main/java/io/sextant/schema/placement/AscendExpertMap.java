package io.sextant.schema.placement;

import com.fasterxml.jackson.databind.JsonNode;
import io.sextant.schema.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The JSON of vLLM-Ascend's {@code expert_map_path}: the logical experts of each device, per MoE
 * layer. {@code layer_id} counts the MoE layers from 0, as in the engine's own record. The engine
 * inverts a device's list (expert to local slot), so a device cannot hold an expert twice
 * (vllm_ascend/eplb).
 */
final class AscendExpertMap implements EngineFile {
  static final String LAYER_LIST = "layer_list";

  private static final String LAYER_COUNT = "moe_layer_count";
  private static final String LAYER_ID = "layer_id";
  private static final String DEVICE_COUNT = "device_count";
  private static final String DEVICE_LIST = "device_list";
  private static final String DEVICE_ID = "device_id";
  private static final String DEVICE_EXPERT = "device_expert";

  @Override
  public byte[] encode(String where, PlacementMap map, int gpus) {
    List<String> shared = map.sharedGpus(gpus);
    if (!shared.isEmpty()) {
      throw InvalidInputException.of(
          where,
          shared.get(0) + (shared.size() > 1 ? " (and %d more)".formatted(shared.size() - 1) : ""),
          "vLLM-Ascend needs the copies of an expert on different devices");
    }
    List<String> layers = new ArrayList<>();
    for (int[] row : map.physicalToLogical()) {
      layers.add(
          "    {\"%s\": %d, \"%s\": %d, \"%s\": [\n%s\n    ]}"
              .formatted(
                  LAYER_ID, layers.size(), DEVICE_COUNT, gpus, DEVICE_LIST, devices(row, gpus)));
    }
    return "{\n  \"%s\": %d,\n  \"%s\": [\n%s\n  ]\n}\n"
        .formatted(LAYER_COUNT, layers.size(), LAYER_LIST, String.join(",\n", layers))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String devices(int[] row, int gpus) {
    int slotsPerGpu = row.length / gpus;
    List<String> devices = new ArrayList<>();
    for (int gpu = 0; gpu < gpus; gpu++) {
      int[] experts = Arrays.copyOfRange(row, gpu * slotsPerGpu, (gpu + 1) * slotsPerGpu);
      devices.add(
          "      {\"%s\": %d, \"%s\": %s}"
              .formatted(DEVICE_ID, gpu, DEVICE_EXPERT, Arrays.toString(experts)));
    }
    return String.join(",\n", devices);
  }

  @Override
  public MapRows decode(String where, byte[] bytes) {
    JsonNode root = MapJson.tree(where, bytes);
    JsonNode layers = list(where, root, LAYER_LIST, LAYER_COUNT);
    int[][] rows = new int[layers.size()][];
    for (int index = 0; index < rows.length; index++) {
      rows[index] = row(where + ": " + LAYER_LIST + " " + index, layers.get(index));
    }
    return MapRows.inOrder(RowOrder.MOE_LAYERS, rows);
  }

  private static int[] row(String where, JsonNode layer) {
    JsonNode devices = list(where, layer, DEVICE_LIST, DEVICE_COUNT);
    int[][] experts = new int[devices.size()][];
    for (int gpu = 0; gpu < experts.length; gpu++) {
      JsonNode device = devices.get(gpu);
      // The engine takes the devices in the order of the file and ignores their names.
      if (MapJson.integer(where, DEVICE_ID, device.path(DEVICE_ID)) != gpu) {
        throw InvalidInputException.of(
            where,
            "device %s is at position %d".formatted(device.path(DEVICE_ID), gpu),
            "List the devices in order, from 0");
      }
      String field = "device %d: %s".formatted(gpu, DEVICE_EXPERT);
      experts[gpu] = MapJson.integers(where, field, device.path(DEVICE_EXPERT));
      if (experts[gpu].length != experts[0].length) {
        throw InvalidInputException.of(
            where + ": " + field,
            "%d experts, but device 0 has %d".formatted(experts[gpu].length, experts[0].length),
            "Give every device the same number");
      }
    }
    return Arrays.stream(experts).flatMapToInt(IntStream::of).toArray();
  }

  private static JsonNode list(String where, JsonNode parent, String name, String countName) {
    JsonNode list = parent.path(name);
    if (!list.isArray()) {
      throw InvalidInputException.of(where + ": " + name, "there is no such list", MapJson.REMEDY);
    }
    int count = MapJson.integer(where, countName, parent.path(countName));
    if (count != list.size()) {
      throw InvalidInputException.of(
          where + ": " + countName,
          "%d, but %d are listed".formatted(count, list.size()),
          MapJson.REMEDY);
    }
    return list;
  }
}
