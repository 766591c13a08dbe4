package io.sextant.schema.placement;

import io.sextant.schema.spec.ModelSpec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Adds the rows that an engine looks up besides those of the MoE layers. They get the linear order,
 * because dense layers have no experts to place and there are no traces of MTP layers.
 */
final class LookedUpRows {
  private LookedUpRows() {}

  /** One row per hidden layer; the index of the row is the layer's absolute id. */
  static PlacementMap hiddenLayers(PlacementMap map, ModelSpec model) {
    return withRows(map, IntStream.range(0, model.layers()).boxed().toList());
  }

  /** The rows of the map, followed by one row per MTP layer. */
  static PlacementMap mtpLayers(PlacementMap map, ModelSpec model) {
    return withRows(
        map, Stream.concat(map.layers().stream(), model.mtpLayerIds().stream()).toList());
  }

  private static PlacementMap withRows(PlacementMap map, List<Integer> layers) {
    int[][] rows = new int[layers.size()][];
    Arrays.setAll(
        rows,
        row -> {
          int index = map.layers().indexOf(layers.get(row));
          return index >= 0 ? map.physicalToLogical()[index].clone() : linear(map);
        });
    return new PlacementMap(map.model(), map.experts(), layers, rows);
  }

  /**
   * A linear row with as many slots as the first layer has; slots after the last expert start again
   * at expert 0.
   */
  private static int[] linear(PlacementMap map) {
    return IntStream.range(0, map.slots(0)).map(slot -> slot % map.experts()).toArray();
  }
}
