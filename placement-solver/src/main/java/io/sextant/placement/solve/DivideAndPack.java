package io.sextant.placement.solve;

import io.sextant.placement.search.GpuPacker;
import io.sextant.placement.search.LayerContext;
import io.sextant.placement.search.NodeDivision;
import io.sextant.placement.search.NodeObjective;
import io.sextant.placement.search.SlotAnnealer;
import io.sextant.placement.search.SolverSettings;

/**
 * Finds a plan's structure in a phase of OptaPlanner ({@link SlotsPhase}): experts over nodes, then
 * copies onto GPUs, from several starts that weigh balance differently, then all slots together. A
 * proposal costs nanoseconds here, because it is judged from gain tables without being made;
 * OptaPlanner's own local search has to make and undo each move (docs/evidence/solver.md has both
 * rates).
 */
final class DivideAndPack {
  /**
   * Weights of uneven node load, in turn: which of them packs best is not known beforehand. Light,
   * because the joint annealing that follows mends load where it matters.
   */
  private static final double[] BALANCE = {0.5, 1, 2};

  /** Nodes that receive unevenly cost less than nodes that compute unevenly. */
  private static final double RECEIVE = 0.2;

  private static final double PACK_HOT = 2e-3;
  private static final double PACK_COLD = 1e-5;
  private static final double JOINT_HOT = 2e-3;
  private static final double JOINT_COLD = 3e-5;

  private DivideAndPack() {}

  /** The best of the starts by the exact objective. */
  static int[] best(LayerContext context, SolverSettings settings) {
    NodeDivision division = new NodeDivision(context.problem());
    int[][] bestDivision = null;
    int[] best = null;
    double bestObjective = Double.POSITIVE_INFINITY;
    for (int start = 0; start < settings.starts(); start++) {
      long seed = settings.seed() + start * 0x9E3779B97F4A7C15L;
      double balance = BALANCE[start % BALANCE.length];
      int[][] expertsOfNode = division.run(objective(balance), settings.divisionSteps(), seed);
      int[] slots = pack(context, settings, expertsOfNode, seed);
      double value = context.state(slots).objective();
      if (value < bestObjective) {
        bestObjective = value;
        best = slots;
        bestDivision = expertsOfNode;
      }
    }
    if (division.hasCopies() && settings.copySteps() > 0) {
      int[][] spread =
          division.spread(
              bestDivision, objective(BALANCE[0]), settings.copySteps(), settings.seed());
      int[] slots = pack(context, settings, spread, settings.seed());
      best = context.state(slots).objective() < bestObjective ? slots : best;
    }
    return settings.jointSteps() > 0
        ? new SlotAnnealer(context, best)
            .run(settings.jointSteps(), JOINT_HOT, JOINT_COLD, settings.seed())
        : best;
  }

  private static NodeObjective objective(double balance) {
    return new NodeObjective(0, balance, 0, RECEIVE * balance);
  }

  private static int[] pack(
      LayerContext context, SolverSettings settings, int[][] expertsOfNode, long seed) {
    return new GpuPacker(context.problem().layout(), context.loads(), expertsOfNode)
        .run(settings.packingSteps(), PACK_HOT, PACK_COLD, seed);
  }
}
