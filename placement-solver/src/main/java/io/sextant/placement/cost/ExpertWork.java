package io.sextant.placement.cost;

import java.io.Serializable;

/** How long a GPU's expert work takes. */
public interface ExpertWork extends Serializable {

  /**
   * Microseconds of one layer on one GPU; 0 for no rows.
   *
   * @param rows of tokens over all its experts
   * @param experts that have a row
   */
  double micros(long rows, int experts);
}
