package io.sextant.jobs.solve;

import io.sextant.jobs.window.DayWeights;
import io.sextant.placement.migration.LayerOption;
import io.sextant.schema.placement.PlacementMap;
import java.util.List;
import java.util.Map;

/**
 * What planners make of the same sample.
 *
 * @param maps by planner, in the order asked for
 * @param cpuSeconds by planner: CPU time of all layers together, which other work on the machine
 *     does not stretch
 * @param sampledTokens tokens of a layer that the plans were made from
 * @param windowTokens tokens of a layer in the window
 * @param days how much each day of the window counted
 * @param options by layer: what it could go to from the map in force; empty lists without one
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
