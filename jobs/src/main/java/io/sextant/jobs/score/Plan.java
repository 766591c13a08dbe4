package io.sextant.jobs.score;

import io.sextant.schema.placement.PlacementMap;
import java.io.Serializable;

/**
 * A named placement to be scored.
 *
 * @param name for example {@code linear}, {@code greedy} or {@code sextant}
 * @param slots shape [layers][slots]: the logical expert in each slot
 * @param routed whether requests run where a router sent them, not where they were served
 */
public record Plan(String name, int[][] slots, boolean routed) implements Serializable {

  public Plan(String name, int[][] slots) {
    this(name, slots, false);
  }

  public static Plan of(String name, PlacementMap map) {
    return new Plan(name, map.physicalToLogical());
  }

  /** The same placement with requests where a router sent them. */
  public Plan withRoutes() {
    return new Plan(name, slots, true);
  }
}
