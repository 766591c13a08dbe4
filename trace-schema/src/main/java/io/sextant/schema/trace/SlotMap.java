package io.sextant.schema.trace;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The logical expert in each physical slot, for traces that name slots.
 *
 * @param layers absolute ids of the MoE layers, ascending
 * @param experts logical experts, shape [layers][slots]
 */
public record SlotMap(int[] layers, int[][] experts) implements Serializable {

  /**
   * The experts in a layer's slots.
   *
   * @param layer absolute id
   * @return shape [slots]; null if the map does not have the layer
   */
  public int[] ofLayer(int layer) {
    int index = Arrays.binarySearch(layers, layer);
    return index < 0 ? null : experts[index];
  }
}
