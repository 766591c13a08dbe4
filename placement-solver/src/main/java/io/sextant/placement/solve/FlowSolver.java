package io.sextant.placement.solve;

import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.anneal.AnnealingStage;
import io.sextant.placement.search.FlowPacker;
import io.sextant.placement.search.LayerContext;
import io.sextant.placement.search.SolverSettings;

/** Places the experts of a layer for an engine whose linear program chooses copies. */
final class FlowSolver {
  /** In max/mean GPU load. Chosen without a measurement. */
  private static final AnnealingStage PACKING = new AnnealingStage(2e-3, 2e-5);

  /** A proposal costs as much as several of the other packing's. */
  private static final int DEARER = 3;

  private FlowSolver() {}

  /**
   * Divides experts over nodes as for any engine, then arranges the copies within nodes.
   *
   * @return shape [slots]: the logical expert in each slot
   */
  static int[] solve(LayerContext context, SolverSettings settings) {
    int[] slots = LayerSolver.place(context, settings);
    if (!FlowPacker.fits(context.problem().layout())) {
      return slots;
    }
    FlowPacker pk = new FlowPacker(context, slots);
    System.err.println("flow start " + pk.energy());
    return pk.run(
        new Annealing(
            PACKING,
            settings.budget().packingSteps() * Integer.getInteger("fs", 1) / DEARER,
            settings.seed()));
  }
}
