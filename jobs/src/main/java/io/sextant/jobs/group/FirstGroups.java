package io.sextant.jobs.group;

import io.sextant.jobs.cli.Progress;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerSolver;
import java.util.List;

/**
 * Makes the initial groups: runs a few short rounds from several clusterings of prompts and keeps
 * the result with the least traffic.
 *
 * @param settings the solver settings of a whole plan
 */
record FirstGroups(SolverSettings settings, Progress progress) {
  /**
   * Number of clusterings to start from, because the result of the annealing depends on the start
   * (docs/evidence/grouping.md).
   */
  private static final int STARTS = 4;

  /** Rounds per start, and the divisor of a plan's work in these rounds. */
  private static final int ROUNDS = 2;

  private static final int LIGHTER = 8;

  /**
   * @param nodes number of groups to make, one per node
   */
  Round best(GatheredLayers layers, Rounds rounds, int nodes) {
    List<LayerSignatures> ofLayers = layers.signatures();
    double[][] information =
        ofLayers.stream().map(LayerSignatures::information).toArray(double[][]::new);
    double[][][] signatures =
        ofLayers.stream().map(LayerSignatures::signatures).toArray(double[][][]::new);
    SolverSettings light = settings.lighter(LIGHTER);
    Round best = null;
    for (int start = 0; start < STARTS; start++) {
      double[][][] centres = SignatureClusters.centres(signatures, nodes, settings.seed() + start);
      Round round = rounds.first(layers.distances(information, centres));
      for (int i = 0; i < ROUNDS; i++) {
        round =
            rounds.next(
                round,
                (problem, layer, from) ->
                    LayerSolver.solve(problem, LayerPlacer.seeded(light, layer, 0)));
      }
      progress.say(
          "grouping start %d of %d: %.4f %s", start + 1, STARTS, round.cost(), rounds.unit());
      best = best == null || round.cost() < best.cost() ? round : best;
    }
    return best;
  }
}
