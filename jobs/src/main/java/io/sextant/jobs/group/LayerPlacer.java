package io.sextant.jobs.group;

import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.search.SolverSettings;
import java.io.Serializable;

/** Places a layer's experts in a round; serialized to Spark tasks. */
interface LayerPlacer extends Serializable {

  /**
   * @param problem the layer's tokens on the nodes of their groups
   * @param layer absolute id
   * @param from the layer's placement before the round, shape [slots]; null in the first round
   * @return shape [slots]
   */
  int[] slots(LayerProblem problem, int layer, int[] from);

  /** Gives each layer of each round its own stream of random choices. */
  static SolverSettings seeded(SolverSettings settings, int layer, int round) {
    return settings.withSeed((settings.seed() * 31 + layer) * 31 + round);
  }
}
