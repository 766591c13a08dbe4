package io.sextant.placement.solve;

import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.search.SolverSettings;

/** The exact objective of any placement of one layer, on the tokens that solving works on. */
public final class LayerObjective {
  private final LayerProblem problem;
  private final SolverSettings settings;

  public LayerObjective(LayerProblem problem, SolverSettings settings) {
    this.problem = problem;
    this.settings = settings;
  }

  /**
   * @param slots shape [slots]: the logical expert in each slot
   * @return what solving minimises, in remote nodes per token
   */
  public double of(int[] slots) {
    SolverSettings priced = TransportReduction.priced(settings, problem);
    return LayerSolver.layer(problem, priced, slots).objective(slots);
  }
}
