package io.sextant.jobs.migrate;

import io.sextant.jobs.score.MovedBytes;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.placement.migration.Moves;
import io.sextant.schema.placement.PlacementMap;
import java.util.List;

/**
 * The plan within the limit, the steps that lead to it, and the plans for other limits.
 *
 * @param target the model, cluster and batching that were planned for
 * @param current the map in force
 * @param chosen the plan within the limit
 * @param front the plans for several limits, from no change to an unrestricted plan
 */
public record Migration(
    PlanTarget target, CurrentMap current, PlacementMap chosen, List<Plan> front) {

  /** The map in force, as a plan to be scored. */
  public Plan inForce() {
    return current.plan();
  }

  /** The map in force. */
  public PlacementMap inForceMap() {
    return target.map(current.slots());
  }

  /** Bytes that each plan moves from the map in force. */
  public MovedBytes movedBytes(List<Plan> plans) {
    return MovedBytes.of(target.layout(), current.slots(), plans, target.expertBytes());
  }

  /** The steps from the map in force to the chosen plan. */
  public Moves moves() {
    return Moves.between(
        target.layout(), inForceMap(), chosen, target.expertBytes(), current.maxMovedSlots());
  }
}
