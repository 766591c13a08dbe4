package io.sextant.jobs.plan;

import io.sextant.jobs.layers.PlannedMaps;
import io.sextant.jobs.migrate.Migration;
import io.sextant.jobs.score.MovedBytes;
import io.sextant.jobs.score.Plan;
import io.sextant.placement.migration.Moves;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import java.util.List;
import java.util.Optional;

/**
 * A plan that may replace the map in force.
 *
 * @param planned the maps that the planners made from the sample
 * @param migration the migration from the map in force to the plan; empty if no map is in force
 */
public record Candidate(PlannedMaps planned, Optional<Migration> migration) {

  /** The plan, which is within the limit if a map is in force. */
  public PlacementMap placement() {
    return migration.map(Migration::chosen).orElseGet(planned::sextant);
  }

  /** The map in force. */
  public Optional<PlacementMap> inForce() {
    return migration.map(Migration::inForceMap);
  }

  /** The steps from the map in force to the plan. */
  public Optional<Moves> moves() {
    return migration.map(Migration::moves);
  }

  /** Bytes that each plan moves from the map in force. */
  MovedBytes movedBytes(List<Plan> plans) {
    return migration.map(from -> from.movedBytes(plans)).orElse(MovedBytes.NONE);
  }

  /**
   * Checks that engines can use the plan.
   *
   * @throws InvalidInputException if they cannot, or if a GPU would hold two copies of an expert
   */
  void requireSound(String where, int gpus) {
    inForce()
        .ifPresentOrElse(
            map -> placement().requireSound(where, gpus, map),
            () -> placement().requireSound(where, gpus));
  }
}
