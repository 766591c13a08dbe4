package io.sextant.placement.solve;

import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.search.SlotAnnealer;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.view.CopyCounts;
import java.util.Optional;

/**
 * Solves a layer from a map with fewer slots per GPU: the map is extended by copies of heavy
 * experts, and then all slots are annealed together.
 */
final class WarmStart {
  private final LayerProblem problem;
  private final SolverSettings settings;

  /**
   * @param problem the layer with its transport reduced
   * @param settings settings with prices for the transport
   */
  WarmStart(LayerProblem problem, SolverSettings settings) {
    this.problem = problem;
    this.settings = settings;
  }

  /**
   * @param fewer shape [fewer slots]: the logical expert in each slot
   * @return shape [slots]; empty if the map cannot be extended within the limits of the rule
   */
  Optional<int[]> from(int[] fewer) {
    int[] grown = GrownMap.of(problem, RuledLayer.limits(problem), fewer);
    if (grown == null) {
      return Optional.empty();
    }
    int[] copies = CopyCounts.of(grown, problem.tokens().experts());
    if (RuledLayer.hasViews(problem, copies)
        && CopyCounts.atMostTwo(copies)
        && ViewSolver.areApart(grown, problem.layout(), copies.length)) {
      return Optional.of(new ViewSolver(problem, settings).refine(grown));
    }
    RuledLayer layer = RuledLayer.of(problem, settings, copies);
    int[] start = layer.searched(grown);
    if (layer.context().state(start).broken() > 0) {
      return Optional.empty();
    }
    int[] slots =
        SlotPlanner.solve(
            layer.context(),
            settings,
            start,
            context ->
                new SlotAnnealer(context, start)
                    .run(
                        new Annealing(
                            DivideAndPack.JOINT, settings.budget().jointSteps(), settings.seed())));
    return Optional.of(layer.experts(LayerSolver.linked(layer, slots, settings)));
  }
}
