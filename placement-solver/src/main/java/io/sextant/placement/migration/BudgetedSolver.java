package io.sextant.placement.migration;

import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.search.SolverSettings;
import java.io.Serializable;

/** Betters a layer's map without moving more than a number of its experts. */
@FunctionalInterface
public interface BudgetedSolver extends Serializable {

  /**
   * @param current shape [slots]: the logical expert in each slot
   * @param mostMoved the most that {@link MovedSlots#count} may be from {@code current}
   * @return shape [slots]; {@code current} itself if nothing better is found
   */
  int[] solve(LayerProblem problem, SolverSettings settings, int[] current, int mostMoved);
}
