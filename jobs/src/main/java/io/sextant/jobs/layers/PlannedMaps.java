package io.sextant.jobs.layers;

import io.sextant.jobs.window.DayWeights;
import io.sextant.placement.migration.LayerOption;
import io.sextant.schema.placement.PlacementMap;
import java.util.List;
import java.util.Map;

/**
 * The maps that planners make from the same sample.
 *
 * @param maps the maps by planner, in the order of the request
 * @param cpuSeconds CPU time of all layers by planner; unlike wall time, it does not depend on
 *     other work on the machine
 * @param sampledTokens number of tokens per layer that the plans were made from
 * @param windowTokens number of tokens per layer in the window
 * @param days weight of each day of the window
 * @param options maps that each layer could change to from the map in force; empty lists if there
 *     is none
 */
public record PlannedMaps(
    Map<Planner, PlacementMap> maps,
    Map<Planner, Double> cpuSeconds,
    long sampledTokens,
    long windowTokens,
    DayWeights days,
    List<List<LayerOption>> options) {

  /** Sextant's plan, made without regard to a map in force. */
  public PlacementMap sextant() {
    return maps.get(Planner.SEXTANT);
  }

  /** The greedy baseline: replicate-and-pack in the manner of EPLB. */
  public PlacementMap greedy() {
    return maps.get(Planner.EPLB);
  }
}
