package io.sextant.placement.solve;

import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.LayerContext;
import io.sextant.placement.search.OrderedStart;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.search.ViewDivision;
import io.sextant.placement.view.CopyCounts;
import io.sextant.placement.view.ViewedLayer;

/** Places the experts of a layer under a rule with views. */
final class ViewSolver {
  private final LayerProblem problem;
  private final SolverSettings settings;

  private ViewSolver(LayerProblem problem, SolverSettings settings) {
    this.problem = problem;
    this.settings = settings;
  }

  /**
   * @return shape [slots]: the logical expert in each slot
   */
  static int[] solve(LayerProblem problem, SolverSettings settings) {
    return new ViewSolver(problem, settings).solve();
  }

  private int[] solve() {
    int experts = problem.tokens().experts();
    int[] copies = CopyCounts.byLoad(problem);
    ViewedLayer viewed = ViewedLayer.of(problem, problem.rule(), copies);
    if (!CopyCounts.atMostTwo(copies)) {
      return viewed.experts(
          LayerSolver.place(
              LayerContext.of(viewed.problem(), settings, viewed.limits()), settings));
    }
    int[] homes = halves(viewed, copies);
    for (int e = 0; e < experts; e++) {
      copies[e] = homes[2 * e] == homes[2 * e + 1] ? 1 : 2;
    }
    ViewedLayer chosen = ViewedLayer.of(problem, problem.rule(), copies);
    int[][] copiesOfNode = new int[problem.layout().nodes()][problem.layout().slotsPerNode()];
    int[] used = new int[copiesOfNode.length];
    for (int e = 0, copy = 0; e < experts; e++) {
      for (int c = 0; c < copies[e]; c++, copy++) {
        int node = homes[2 * e + c];
        copiesOfNode[node][used[node]++] = copy;
      }
    }
    return chosen.experts(
        LayerSolver.place(
            LayerContext.of(chosen.problem(), settings, chosen.limits()), settings, copiesOfNode));
  }

  /** Shape [halves]: the node of each half of an expert. */
  private int[] halves(ViewedLayer viewed, int[] copies) {
    SlotLayout layout = problem.layout();
    int[] nodeOfCopy =
        new OrderedStart(viewed.limits(), viewed.problem().load(layout.slots()), layout).homes();
    int[] start = new int[2 * copies.length];
    for (int e = 0, copy = 0; e < copies.length; copy += copies[e++]) {
      start[2 * e] = nodeOfCopy[copy];
      start[2 * e + 1] = nodeOfCopy[copy + copies[e] - 1];
    }
    return new ViewDivision(
            ViewedLayer.halves(problem, problem.rule()).thinned(settings.budget().sampleTokens()),
            layout,
            DivideAndPack.UNEVEN_NODES)
        .run(start, settings.budget().divisionSteps(), settings.seed());
  }
}
