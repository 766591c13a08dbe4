package io.sextant.jobs.placement;

import io.sextant.placement.PlacementMetrics;
import io.sextant.placement.PlacementTally;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The sums of every plan and layer, and the figures that follow. */
public final class PlanScores {
  private final int layers;
  private final Map<String, PlacementTally[]> tallies = new LinkedHashMap<>();

  PlanScores(List<Plan> plans, int layers, List<PlanTally> parts) {
    this.layers = layers;
    for (Plan plan : plans) {
      PlacementTally[] empty = new PlacementTally[layers];
      Arrays.fill(empty, PlacementTally.EMPTY);
      tallies.put(plan.name(), empty);
    }
    for (PlanTally part : parts) {
      PlacementTally[] sums = tallies.get(part.plan());
      sums[part.layerIndex()] = sums[part.layerIndex()].plus(part.tally());
    }
  }

  /** These plans alone, in this order. */
  PlanScores only(List<String> plans) {
    PlanScores some = new PlanScores(List.of(), layers, List.of());
    plans.forEach(plan -> some.tallies.put(plan, tallies.get(plan)));
    return some;
  }

  /** Names of the plans, in the order they were given. */
  public List<String> plans() {
    return List.copyOf(tallies.keySet());
  }

  public int layers() {
    return layers;
  }

  /** Figures over all layers. */
  public PlacementMetrics metrics(String plan) {
    return Arrays.stream(tallies.get(plan))
        .reduce(PlacementTally.EMPTY, PlacementTally::plus)
        .metrics();
  }

  /** Figures of one layer. */
  public PlacementMetrics metrics(String plan, int layerIndex) {
    return tallies.get(plan)[layerIndex].metrics();
  }
}
