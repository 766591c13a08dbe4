package io.sextant.placement.solve;

import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.search.LayerContext;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.view.CopyCounts;
import io.sextant.placement.view.ViewedLayer;

/** Places the experts of a layer under a rule with views. */
final class ViewSolver {
  private ViewSolver() {}

  /**
   * @return shape [slots]: the logical expert in each slot
   */
  static int[] solve(LayerProblem problem, SolverSettings settings) {
    int[] copies = CopyCounts.byLoad(problem);
    ViewedLayer viewed = ViewedLayer.of(problem, problem.rule(), copies);
    LayerContext context = LayerContext.of(viewed.problem(), settings, viewed.limits());
    return viewed.experts(LayerSolver.place(context, settings));
  }
}
