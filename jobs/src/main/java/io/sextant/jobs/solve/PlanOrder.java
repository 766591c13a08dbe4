package io.sextant.jobs.solve;

import io.sextant.jobs.migrate.CurrentMap;
import io.sextant.placement.search.SolverSettings;
import java.util.List;
import java.util.Optional;

/**
 * Which plans to make.
 *
 * @param planners the planners, Sextant among them
 * @param settings how long Sextant searches, and for what
 * @param current the map in force, for which plans with fewer moves are found too
 * @param unevenLayers whether layers may have different numbers of slots, as many in all
 */
public record PlanOrder(
    List<Planner> planners,
    SolverSettings settings,
    Optional<CurrentMap> current,
    boolean unevenLayers) {

  /** Sextant's plan and the greedy baseline, with the same slots in every layer. */
  public static PlanOrder of(SolverSettings settings, Optional<CurrentMap> current) {
    return new PlanOrder(List.of(Planner.SEXTANT, Planner.EPLB), settings, current, false);
  }

  /** The same plans with slots dealt out over the layers. */
  public PlanOrder uneven(boolean uneven) {
    return new PlanOrder(planners, settings, current, uneven);
  }
}
