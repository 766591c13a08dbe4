package io.sextant.schema.placement;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import java.util.Arrays;

/**
 * Our own format of a placement map: {@code {"model", "experts", "layers": [absolute ids],
 * "physical_to_logical_map": [[...]]}}, with {@code "serving"} and {@code "copy_rule"} if the map
 * was planned for a profile ({@link PlannedFor}) and {@code "plan_id"}, {@code "cluster"}, {@code
 * "planned_from"}, {@code "planned_to"} and {@code "planned_traffic"} if it belongs to a plan
 * ({@link PlanOrigin}).
 */
final class OwnPlacement {
  private static final String MODEL = "model";
  private static final String EXPERTS = "experts";
  private static final String LAYERS = "layers";
  private static final String MAP = SglangInitExpertLocation.MAP;
  private static final int MOST_EXPERTS = Short.MAX_VALUE;

  private OwnPlacement() {}

  /**
   * Whether a file has keys that no engine's map has, so that errors are explained for this one.
   */
  static boolean hasAnyKey(JsonNode root) {
    return root.has(LAYERS) || root.has(EXPERTS) || root.has(MODEL);
  }

  /** Whether a file is in this format. */
  static boolean isOwn(JsonNode root) {
    return root.has(LAYERS) && root.has(EXPERTS);
  }

  /**
   * @param more lines of JSON between the number of experts and the layers, each with a comma at
   *     its end
   */
  static String json(PlacementMap map, String more) {
    return "{\n  \"%s\": %s,\n  \"%s\": %d,\n%s  \"%s\": %s,\n  \"%s\": %s\n}\n"
        .formatted(
            MODEL,
            TextNode.valueOf(map.model()),
            EXPERTS,
            map.experts(),
            more,
            LAYERS,
            map.layers(),
            MAP,
            MapJson.text(map.physicalToLogical(), "  "));
  }

  /**
   * @param where the file, for messages
   * @param model the model that the map must be for; null to use the one that the file names
   * @throws InvalidInputException naming the file and the fault
   */
  static PlacementMap read(String where, JsonNode root, ModelSpec model) {
    int[][] slots = SglangInitExpertLocation.slots(where, root);
    PlannedFor.of(where, root);
    PlanOrigin.of(where, root);
    JsonNode name = root.path(MODEL);
    JsonNode experts = root.path(EXPERTS);
    if (!name.isTextual()
        || !experts.canConvertToInt()
        || experts.intValue() < 1
        || experts.intValue() > MOST_EXPERTS) {
      throw InvalidInputException.of(
          where,
          "'%s' is not a name or '%s' not a number from 1 to %d"
              .formatted(MODEL, EXPERTS, MOST_EXPERTS),
          "Correct it, or keep only the map in the file and name the model");
    }
    int[] layers = MapJson.integers(where, LAYERS, root.path(LAYERS));
    if (layers.length != slots.length) {
      throw InvalidInputException.of(
          where + ": " + LAYERS,
          "%d layer ids for %d rows of %s".formatted(layers.length, slots.length, MAP),
          "Give each row its layer");
    }
    for (int i = 1; i < layers.length; i++) {
      if (layers[i] <= layers[i - 1]) {
        throw InvalidInputException.of(
            where + ": " + LAYERS,
            "layer %d follows layer %d".formatted(layers[i], layers[i - 1]),
            "List each layer once, in ascending order");
      }
    }
    PlacementMap map =
        new PlacementMap(
            name.textValue(), experts.intValue(), Arrays.stream(layers).boxed().toList(), slots);
    if (model != null
        && !(model.name().equals(map.model())
            && model.experts() == map.experts()
            && model.moeLayers().equals(map.layers()))) {
      throw InvalidInputException.of(
          where,
          "the map is for %s with %d experts in layers %s, not for %s with %d in %s"
              .formatted(
                  map.model(),
                  map.experts(),
                  map.layers(),
                  model.name(),
                  model.experts(),
                  model.moeLayers()),
          "Name a map of this model");
    }
    return map;
  }
}
