package io.sextant.schema.placement;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import java.util.Arrays;
import java.util.List;

/**
 * The slots of a map as an engine's file has them: without the model, and often without the layers.
 *
 * @param layers the absolute layer id of each row, ascending; null where the file only has an order
 * @param slots shape [rows][slots]
 */
record MapRows(List<Integer> layers, int[][] slots) {

  static MapRows inOrder(int[][] slots) {
    return new MapRows(null, slots);
  }

  boolean holds(PlacementMap map) {
    return (layers == null || layers.equals(map.layers()))
        && Arrays.deepEquals(slots, map.physicalToLogical());
  }

  /**
   * The map, its model and layers given. A file without layer ids has a row for each MoE layer or,
   * as some builds of SGLang index it, for each layer of the model.
   *
   * @throws InvalidInputException where the rows are not those of the model, or there is none
   */
  PlacementMap of(String where, ModelSpec model) {
    if (model == null) {
      throw InvalidInputException.of(
          where, "the map does not say which model it is for", "Name the model with it");
    }
    List<Integer> moeLayers = model.moeLayers();
    if (layers != null && !layers.equals(moeLayers)) {
      throw InvalidInputException.of(
          where,
          "the map is for the layers %s, but the MoE layers of %s are %s"
              .formatted(layers, model.name(), moeLayers),
          "Name a map of this model");
    }
    int[][] rows = slots;
    if (slots.length != moeLayers.size() && slots.length == model.layers()) {
      rows = moeLayers.stream().map(layer -> slots[layer]).toArray(int[][]::new);
    }
    if (rows.length != moeLayers.size()) {
      throw InvalidInputException.of(
          where,
          "%d rows, but %s has %d MoE layers (%d layers in all)"
              .formatted(slots.length, model.name(), moeLayers.size(), model.layers()),
          "Name a map of this model");
    }
    return new PlacementMap(model.name(), model.experts(), moeLayers, rows);
  }
}
