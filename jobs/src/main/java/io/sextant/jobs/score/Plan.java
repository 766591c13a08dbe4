package io.sextant.jobs.score;

import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlanId;
import java.io.Serializable;

/**
 * A named placement to be scored.
 *
 * @param name for example {@code linear}, {@code greedy} or {@code sextant}
 * @param slots shape [layers][slots]: the logical expert in each slot
 * @param routed whether requests run on the node to which a router sent them, not on the node that
 *     served them
 * @param id the id that the plan already has, if it was made by an earlier run; null otherwise
 */
public record Plan(String name, int[][] slots, boolean routed, PlanId id) implements Serializable {
  /** The placement of an engine without a map. */
  public static final String LINEAR = "linear";

  /** The baseline: replicate-and-pack in the manner of EPLB. */
  public static final String GREEDY = "greedy";

  /** Sextant's plan; within the limit if a map is in force. */
  public static final String SEXTANT = "sextant";

  /** The map in force. */
  public static final String CURRENT = "current";

  /** A plan made without regard to the map in force, to show what the limit costs. */
  public static final String AFRESH = "afresh";

  /** Sextant's plan together with groups of requests. */
  public static final String GROUPED = "grouped";

  public Plan(String name, int[][] slots) {
    this(name, slots, false, null);
  }

  public static Plan of(String name, PlacementMap map) {
    return new Plan(name, map.physicalToLogical());
  }

  /** The same placement, with requests on the nodes to which a router sent them. */
  public Plan withRoutes() {
    return new Plan(name, slots, true, id);
  }

  /** The same placement, with the id that an earlier run gave it; null if it has none. */
  public Plan withId(PlanId known) {
    return new Plan(name, slots, routed, known);
  }
}
