package io.sextant.placement.solve;

import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.search.LayerContext;
import io.sextant.placement.search.SolverSettings;

/** The exact objective of any placement of one layer, on the tokens that solving works on. */
public final class LayerObjective {
  private final LayerContext context;

  public LayerObjective(LayerProblem problem, SolverSettings settings) {
    this.context = LayerContext.of(problem, settings);
  }

  /**
   * @param slots shape [slots]: the logical expert in each slot
   * @return what solving minimises, in remote nodes per token
   */
  public double of(int[] slots) {
    return context.state(slots).objective();
  }
}
