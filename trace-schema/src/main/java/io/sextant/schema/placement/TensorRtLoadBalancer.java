package io.sextant.schema.placement;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The YAML of TensorRT-LLM's {@code moe_config.load_balancer} (formerly {@code moe_load_balancer}):
 * rows under absolute layer ids, as TensorRT-LLM's examples/ep_load_balancer writes them. The
 * placement stays as planned, because no layer is updated while the engine runs ({@code
 * layer_updates_per_iter: 0}).
 */
final class TensorRtLoadBalancer implements EngineFile {
  static final String ASSIGNMENTS = "initial_global_assignments";
  private static final String SLOTS = "num_slots";
  private static final String UPDATES = "layer_updates_per_iter";

  private static final ObjectMapper YAML =
      YAMLMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();

  @Override
  public byte[] encode(String where, PlacementMap map, int gpus) {
    StringBuilder yaml = new StringBuilder(ASSIGNMENTS).append(":\n");
    for (int index = 0; index < map.layers().size(); index++) {
      yaml.append("  %d: ".formatted(map.layers().get(index)))
          .append(Arrays.toString(map.physicalToLogical()[index]))
          .append('\n');
    }
    yaml.append("%s: %d\n%s: 0\n".formatted(SLOTS, map.slots(0), UPDATES));
    return yaml.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public MapRows decode(String where, byte[] bytes) {
    JsonNode root = balancer(tree(where, bytes));
    JsonNode assignments = root.path(ASSIGNMENTS);
    if (!assignments.isObject()) {
      throw InvalidInputException.of(
          where + ": " + ASSIGNMENTS,
          root.path(UPDATES).asInt() > 0
              ? "there is no such mapping: the balancer places the experts itself while it runs"
              : "there is no such mapping",
          MapJson.REMEDY);
    }
    int slots = MapJson.integer(where, SLOTS, root.path(SLOTS));
    Map<Integer, int[]> rows = new TreeMap<>();
    for (Map.Entry<String, JsonNode> layer : assignments.properties()) {
      String field = ASSIGNMENTS + " " + layer.getKey();
      int[] row = MapJson.integers(where, field, layer.getValue());
      if (row.length != slots) {
        throw InvalidInputException.of(
            where + ": " + field,
            "%d slots, but %s is %d".formatted(row.length, SLOTS, slots),
            MapJson.REMEDY);
      }
      rows.put(layerId(where, layer.getKey()), row);
    }
    return MapRows.byId(rows.keySet().stream().toList(), rows.values().toArray(int[][]::new));
  }

  /** The balancer's settings, in a separate file or in one with the engine's other options. */
  private static JsonNode balancer(JsonNode root) {
    JsonNode inside = root.path("moe_config").path("load_balancer");
    return inside.isObject() ? inside : root;
  }

  private static int layerId(String where, String key) {
    try {
      return Integer.parseInt(key);
    } catch (NumberFormatException e) {
      throw InvalidInputException.of(
          where + ": " + ASSIGNMENTS, "'%s' is not a layer id".formatted(key), MapJson.REMEDY, e);
    }
  }

  private static JsonNode tree(String where, byte[] bytes) {
    try {
      return YAML.readTree(bytes);
    } catch (JsonProcessingException e) {
      String problem = e.getOriginalMessage().lines().findFirst().orElse("");
      throw InvalidInputException.of(
          where, "not JSON, YAML or safetensors: " + problem, MapJson.REMEDY, e);
    } catch (IOException e) {
      throw InvalidInputException.of(
          where, "not JSON, YAML or safetensors: " + e.getMessage(), MapJson.REMEDY, e);
    }
  }
}
