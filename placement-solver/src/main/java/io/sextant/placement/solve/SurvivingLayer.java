package io.sextant.placement.solve;

import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.baseline.LinearPlacement;
import io.sextant.placement.problem.CopyLimits;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.Survival;
import io.sextant.placement.search.LayerContext;
import io.sextant.placement.search.SlotAnnealer;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.view.CopyCounts;

/**
 * Makes a map that loses no expert with any unit of hardware from one that may: every expert gets
 * copies in two units, and then all slots are annealed together under that limit.
 */
final class SurvivingLayer {
  private final LayerProblem problem;
  private final SolverSettings settings;
  private final Survival survival;

  /**
   * @param problem the layer with the transport of the engine
   */
  SurvivingLayer(LayerProblem problem, SolverSettings settings) {
    this.problem = problem;
    this.settings = settings;
    this.survival = settings.survived().survival(problem.layout());
  }

  /**
   * @param map shape [slots]: the logical expert in each slot
   * @return shape [slots]: the map itself if it loses no expert
   * @throws IllegalArgumentException if the slots do not suffice
   */
  int[] of(int[] map) {
    int experts = problem.tokens().experts();
    if (survival.keepsAll(map, experts)) {
      return map;
    }
    LayerProblem served = TransportReduction.of(problem);
    SolverSettings priced = TransportReduction.priced(settings, problem);
    int[] start = start(map, experts);
    RuledLayer layer = layer(served, priced, start);
    int[] searched = layer.searched(start);
    int[] slots =
        new SlotAnnealer(layer.context(), searched)
            .run(
                new Annealing(
                    TransportReduction.stage(DivideAndPack.JOINT, problem),
                    priced.budget().jointSteps(),
                    priced.seed()));
    return layer.experts(LayerSolver.linked(layer, slots, priced));
  }

  private int[] start(int[] map, int experts) {
    int[] repaired = SurvivingMap.of(problem, map, survival);
    if (repaired != null) {
      return repaired;
    }
    int[] linear = LinearPlacement.place(experts, map.length);
    if (!survival.keepsAll(linear, experts)) {
      throw new IllegalArgumentException(
          "%d slots are too few for copies of %d experts in two units of %d slots"
              .formatted(map.length, experts, survival.slotsPerUnit()));
    }
    return linear;
  }

  /** With the limits of the rule, unless copies in two units break them. */
  private RuledLayer layer(LayerProblem served, SolverSettings priced, int[] start) {
    RuledLayer ruled =
        RuledLayer.of(served, priced, CopyCounts.of(start, problem.tokens().experts()));
    LayerContext context = ruled.context();
    boolean fits = ruled.viewed().isPresent() || context.state(ruled.searched(start)).broken() == 0;
    CopyLimits limits =
        fits ? context.limits() : CopyLimits.anywhere(context.problem().tokens().experts());
    return new RuledLayer(context.within(limits.surviving(survival)), ruled.viewed());
  }
}
