package io.sextant.jobs.migrate;

import io.sextant.jobs.score.Plan;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.placement.migration.LayerOption;
import io.sextant.placement.migration.LayerOptions;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerSolver;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.placement.PlanId;
import io.sextant.schema.placement.PlanOrigin;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The map in force, and the limit on how many slots a plan may change.
 *
 * @param slots shape [layers][slots]: the logical expert in each slot
 * @param maxMovedSlots maximum over all layers; {@link #UNLIMITED} if there is no limit
 * @param id the id of the plan that the map belongs to; null if its file names none
 */
public record CurrentMap(int[][] slots, long maxMovedSlots, PlanId id) implements Serializable {
  static final long UNLIMITED = Long.MAX_VALUE;

  /**
   * Reads a map that fits the target.
   *
   * @throws InvalidInputException if it cannot be read, is for another model, or has other slots
   *     than the target
   */
  public static CurrentMap read(Path file, PlanTarget target, MovedBytesLimit limit) {
    PlacementMap map = PlacementMaps.read(file, target.model());
    requireFits(file.toString(), map, target, "without --current");
    return of(map, limit).belongingTo(PlacementMaps.origin(file), map);
  }

  public static CurrentMap of(PlacementMap map, MovedBytesLimit limit) {
    return new CurrentMap(map.physicalToLogical(), limit.slots(), null);
  }

  /**
   * The same map with the id of its plan.
   *
   * @param origin the plan that the map's file names; ignored if the map was edited since
   */
  public CurrentMap belongingTo(Optional<PlanOrigin> origin, PlacementMap map) {
    PlanId found = origin.map(PlanOrigin::id).filter(plan -> plan.isOf(map)).orElse(null);
    return new CurrentMap(slots, maxMovedSlots, found);
  }

  /** The map as a plan to be scored. */
  public Plan plan() {
    return new Plan(Plan.CURRENT, slots).withId(id);
  }

  /**
   * Checks that a plan can start from this map.
   *
   * @param where the map's file, for messages
   * @param without the option with which the command plans without the map, for the remedy
   * @throws InvalidInputException if the map is for another number of GPUs or of slots
   */
  public static void requireFits(
      String where, PlacementMap map, PlanTarget target, String without) {
    map.requireUsable(where, target.layout().gpus());
    for (int l = 0; l < map.layers().size(); l++) {
      if (map.slots(l) != target.layout().slots()) {
        throw InvalidInputException.of(
            where + ": layer " + map.layers().get(l),
            "%d slots, but %d are planned for".formatted(map.slots(l), target.layout().slots()),
            "Plan with the --slots of the map in force, or " + without);
      }
    }
  }

  /**
   * The layer's options: maps that it could change to. The budgets that are tried include the
   * layer's even share of the limit.
   */
  public List<LayerOption> options(
      int layerIndex, LayerProblem problem, SolverSettings settings, int[] replan) {
    int share = (int) Math.min(problem.layout().slots(), maxMovedSlots / slots.length);
    return LayerOptions.of(problem, settings, slots[layerIndex], replan, share, LayerSolver::solve);
  }
}
