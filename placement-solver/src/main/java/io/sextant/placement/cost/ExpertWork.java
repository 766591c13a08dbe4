package io.sextant.placement.cost;

import java.io.Serializable;

/** How long a GPU's expert work takes. */
public interface ExpertWork extends Serializable {

  /**
   * Microseconds of one layer on one GPU; 0 if its slots have no rows.
   *
   * @param rowsOfSlot number of rows of each slot of the layer
   * @param from the GPU's first slot
   * @param until the slot after the GPU's last
   */
  double micros(long[] rowsOfSlot, int from, int until);
}
