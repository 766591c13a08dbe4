package io.sextant.jobs.plan;

import io.sextant.placement.migration.LayerOption;
import io.sextant.placement.migration.LayerOptions;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerSolver;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.spec.ModelSpec;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The map in force, and how far from it a plan may go.
 *
 * @param slots shape [layers][slots]: the logical expert in each slot
 * @param mostMovedSlots over all layers; {@link #UNLIMITED} where nothing is said
 */
record CurrentMap(int[][] slots, long mostMovedSlots) implements Serializable {
  static final long UNLIMITED = Long.MAX_VALUE;

  /**
   * @param file a map, or a folder that solve wrote
   * @throws InvalidInputException where it cannot be read, is for another model, or has not the
   *     slots that are planned for
   */
  static CurrentMap read(Path file, ModelSpec model, SlotLayout layout, long mostMovedSlots) {
    Path map = Files.isDirectory(file) ? file.resolve(PlanningPipeline.PLACEMENT_FILE) : file;
    PlacementMap current = PlacementMaps.read(map, model);
    current.requireUsable(map.toString(), layout.gpus());
    for (int l = 0; l < current.layers().size(); l++) {
      if (current.slots(l) != layout.slots()) {
        throw InvalidInputException.of(
            map + ": layer " + current.layers().get(l),
            "%d slots, but %d are planned for".formatted(current.slots(l), layout.slots()),
            "Plan with the --slots of the map in force, or without --current");
      }
    }
    return new CurrentMap(current.physicalToLogical(), mostMovedSlots);
  }

  PlacementMap map(ModelSpec model) {
    return new PlacementMap(model.name(), model.experts(), model.moeLayers(), slots);
  }

  /** What a layer could go to, its even share of the limit among the budgets tried. */
  List<LayerOption> options(
      int layerIndex, LayerProblem problem, SolverSettings settings, int[] replan) {
    int share = (int) Math.min(problem.layout().slots(), mostMovedSlots / slots.length);
    return LayerOptions.of(problem, settings, slots[layerIndex], replan, share, LayerSolver::solve);
  }
}
