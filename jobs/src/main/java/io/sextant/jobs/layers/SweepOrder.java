package io.sextant.jobs.layers;

import io.sextant.jobs.serving.PlanTarget;
import io.sextant.placement.search.SolverSettings;
import java.util.List;

/**
 * The numbers of slots to plan for on a cluster, under a serving profile.
 *
 * @param targets targets that differ in their slots alone, fewer slots first
 * @param settings settings of the search of each target
 */
public record SweepOrder(List<PlanTarget> targets, List<SolverSettings> settings) {

  /** The target with the fewest slots. */
  public PlanTarget least() {
    return targets.get(0);
  }

  /** The same order for traces of some data-parallel ranks: {@link PlanTarget#withRanks}. */
  public SweepOrder withRanks(int ranks) {
    return new SweepOrder(
        targets.stream().map(target -> target.withRanks(ranks)).toList(), settings);
  }
}
