package io.sextant.schema.placement;

import com.fasterxml.jackson.databind.JsonNode;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The file of SGLang's {@code --init-expert-location}: {@code {"physical_to_logical_map":
 * [[...]]}}. The engine hands every key of the file to one function, so a second key would stop it;
 * it makes one matrix of the rows and divides their length by the expert-parallel size
 * (sglang/srt/eplb/expert_location.py).
 */
public final class SglangInitExpertLocation implements EngineFile {
  static final String MAP = "physical_to_logical_map";

  SglangInitExpertLocation() {}

  @Override
  public byte[] encode(String where, PlacementMap map, int gpus) {
    return "{\n  \"%s\": %s\n}\n"
        .formatted(MAP, MapJson.text(map.physicalToLogical(), "  "))
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public MapRows decode(String where, byte[] bytes) {
    return MapRows.inOrder(slots(where, MapJson.tree(where, bytes)));
  }

  static int[][] slots(String where, JsonNode root) {
    JsonNode rows = root.path(MAP);
    if (!rows.isArray()) {
      throw InvalidInputException.of(where + ": " + MAP, "there is no such list", MapJson.REMEDY);
    }
    return MapJson.rows(where, MAP, rows);
  }

  /**
   * The map with a row for every layer of the model, dense ones too, their rows filled in linear
   * order: SGLang looks a layer's row up by its absolute id for the models whose own code counts
   * all layers there, such as DeepSeek's.
   */
  public static PlacementMap overAllLayers(PlacementMap map, ModelSpec model) {
    int slots = map.slots(0);
    int[][] rows = new int[model.layers()][];
    Arrays.setAll(
        rows,
        layer -> {
          int index = map.layers().indexOf(layer);
          return index >= 0
              ? map.physicalToLogical()[index].clone()
              : IntStream.range(0, slots).map(slot -> slot % map.experts()).toArray();
        });
    List<Integer> layers = IntStream.range(0, model.layers()).boxed().toList();
    return new PlacementMap(map.model(), map.experts(), layers, rows);
  }
}
