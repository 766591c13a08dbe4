package io.sextant.jobs.placement;

import io.sextant.schema.placement.PlacementMap;
import java.io.Serializable;

/**
 * A named placement to be scored.
 *
 * @param name for example {@code linear}, {@code greedy} or {@code sextant}
 * @param slots shape [layers][slots]: the logical expert in each slot
 */
public record Plan(String name, int[][] slots) implements Serializable {

  public static Plan of(String name, PlacementMap map) {
    return new Plan(name, map.physicalToLogical());
  }
}
