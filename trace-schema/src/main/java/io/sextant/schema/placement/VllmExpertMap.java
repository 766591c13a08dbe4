package io.sextant.schema.placement;

import com.fasterxml.jackson.databind.JsonNode;
import io.sextant.schema.InvalidInputException;
import java.nio.charset.StandardCharsets;

/**
 * A list of lists, one list of logical experts per MoE layer, as vLLM's pull request 49572 reads it
 * from {@code eplb_config.initial_expert_map_path}. (The engine also takes one flat list for all
 * layers. Our plans are never written that way, so a flat list is rejected here.)
 */
final class VllmExpertMap implements EngineFile {
  @Override
  public byte[] encode(String where, PlacementMap map, int gpus) {
    return (MapJson.text(map.physicalToLogical(), "") + "\n").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public MapRows decode(String where, byte[] bytes) {
    JsonNode root = MapJson.tree(where, bytes);
    if (!root.isArray()) {
      throw InvalidInputException.of(where, "not a list of layers", MapJson.REMEDY);
    }
    return MapRows.inOrder(RowOrder.MOE_LAYERS, MapJson.rows(where, "list", root));
  }
}
