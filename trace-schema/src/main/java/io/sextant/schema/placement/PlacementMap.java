package io.sextant.schema.placement;

import java.util.List;

/**
 * Where every expert lives: the logical expert in each physical slot of each MoE layer. Slot {@code
 * p} of a layer with {@code S} slots lives on GPU {@code p / (S / gpus)}; GPU {@code g} is in node
 * {@code g / gpusPerNode}.
 *
 * @param model the model's name
 * @param experts logical experts per layer
 * @param layers absolute ids of the MoE layers, ascending
 * @param physicalToLogical shape [layers][slots]
 */
public record PlacementMap(
    String model, int experts, List<Integer> layers, int[][] physicalToLogical) {

  public PlacementMap {
    layers = List.copyOf(layers);
    if (layers.size() != physicalToLogical.length) {
      throw new IllegalArgumentException(
          "The map has %d layer ids but %d rows"
              .formatted(layers.size(), physicalToLogical.length));
    }
  }

  /** Slots of the layer at this index (not its absolute id). */
  public int slots(int layerIndex) {
    return physicalToLogical[layerIndex].length;
  }
}
