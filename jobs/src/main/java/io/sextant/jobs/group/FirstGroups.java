package io.sextant.jobs.group;

import io.sextant.jobs.cli.Progress;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerSolver;
import java.util.List;

/**
 * The groups to begin with: a few light rounds from several clusterings of prompts, of which the
 * one with the least traffic goes on.
 *
 * @param settings the work of a whole plan
 */
record FirstGroups(SolverSettings settings, Progress progress) {
  /**
   * Clusterings to start from: where the annealing ends depends on it (docs/evidence/grouping.md).
   */
  private static final int STARTS = 4;

  /** Rounds that each start gets, and the part of the work that a plan of theirs may take. */
  private static final int ROUNDS = 2;

  private static final int LIGHTER = 8;

  /**
   * @param nodes groups to make, one per node
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
          "grouping start %d of %d: %.4f remote nodes a prefill token",
          start + 1, STARTS, round.cost());
      best = best == null || round.cost() < best.cost() ? round : best;
    }
    return best;
  }
}
