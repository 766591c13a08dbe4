package io.sextant.schema.placement;

import com.fasterxml.jackson.databind.JsonNode;
import io.sextant.schema.InvalidInputException;
import java.nio.charset.StandardCharsets;

/**
 * The file for SGLang's {@code --init-expert-location}: {@code {"physical_to_logical_map":
 * [[...]]}}. The engine passes every key of the file to one function, so a second key would make it
 * fail. It makes one matrix from the rows, looks up a layer by its absolute id and divides the
 * length of a row by the expert-parallel size (sglang/srt/eplb/expert_location.py).
 */
final class SglangInitExpertLocation implements EngineFile {
  static final String MAP = "physical_to_logical_map";

  @Override
  public byte[] encode(String where, PlacementMap map, int gpus) {
    return "{\n  \"%s\": %s\n}\n"
        .formatted(MAP, MapJson.text(map.physicalToLogical(), "  "))
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public MapRows decode(String where, byte[] bytes) {
    return MapRows.inOrder(RowOrder.HIDDEN_LAYERS, slots(where, MapJson.tree(where, bytes)));
  }

  static int[][] slots(String where, JsonNode root) {
    JsonNode rows = root.path(MAP);
    if (!rows.isArray()) {
      throw InvalidInputException.of(where + ": " + MAP, "there is no such list", MapJson.REMEDY);
    }
    return MapJson.rows(where, MAP, rows);
  }
}
