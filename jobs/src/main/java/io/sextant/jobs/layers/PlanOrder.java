package io.sextant.jobs.layers;

import io.sextant.jobs.migrate.CurrentMap;
import io.sextant.placement.search.SolverSettings;
import java.util.List;
import java.util.Optional;

/**
 * The plans to make.
 *
 * @param planners the planners, including Sextant
 * @param settings length and objective of Sextant's search
 * @param current the map in force, from which plans with fewer moves are also made
 * @param unevenLayers whether layers may have different numbers of slots, with the same total
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

  /** The same plans, with the slots distributed over the layers. */
  public PlanOrder uneven(boolean uneven) {
    return new PlanOrder(planners, settings, current, uneven);
  }
}
