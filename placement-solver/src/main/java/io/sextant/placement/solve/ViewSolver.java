package io.sextant.placement.solve;

import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.NodeObjective;
import io.sextant.placement.search.OrderedStart;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.search.ViewDivision;
import io.sextant.placement.view.CopyCounts;
import io.sextant.placement.view.ViewedLayer;
import java.util.Arrays;

/** Places the experts of a layer under a rule with two views. */
final class ViewSolver {
  private static final int NONE = -1;

  private final LayerProblem problem;
  private final SolverSettings settings;

  ViewSolver(LayerProblem problem, SolverSettings settings) {
    this.problem = problem;
    this.settings = settings;
  }

  /**
   * @param startCopies shape [experts]: how many copies each expert has at the start, 1 or 2
   * @return shape [slots]: the logical expert in each slot
   */
  int[] solve(int[] startCopies) {
    ViewedLayer viewed = ViewedLayer.of(problem, startCopies);
    return packed(
        division(viewed)
            .run(halves(viewed, startCopies), settings.budget().divisionSteps(), settings.seed()));
  }

  /**
   * Improves a map whose experts have at most two copies, which are in different nodes.
   *
   * @param map shape [slots]: the logical expert in each slot
   * @return shape [slots]: the logical expert in each slot
   */
  int[] refine(int[] map) {
    SlotLayout layout = problem.layout();
    int[] homes = new int[2 * problem.tokens().experts()];
    Arrays.fill(homes, NONE);
    for (int p = 0; p < map.length; p++) {
      int even = 2 * map[p];
      homes[even] = homes[even] == NONE ? layout.nodeOfSlot(p) : homes[even];
      homes[even + 1] = layout.nodeOfSlot(p);
    }
    ViewedLayer viewed = ViewedLayer.of(problem, CopyCounts.of(map, homes.length / 2));
    return packed(
        division(viewed).refine(homes, settings.budget().divisionSteps(), settings.seed()));
  }

  /** Whether no node has two copies of an expert. */
  static boolean areApart(int[] map, SlotLayout layout, int experts) {
    int[] last = new int[experts];
    Arrays.fill(last, NONE);
    for (int p = 0; p < map.length; p++) {
      if (last[map[p]] == layout.nodeOfSlot(p)) {
        return false;
      }
      last[map[p]] = layout.nodeOfSlot(p);
    }
    return true;
  }

  /**
   * @param homes shape [halves]: the node of each half of an expert
   */
  private int[] packed(int[] homes) {
    int[] copies = new int[homes.length / 2];
    for (int e = 0; e < copies.length; e++) {
      copies[e] = homes[2 * e] == homes[2 * e + 1] ? 1 : 2;
    }
    RuledLayer layer = RuledLayer.of(problem, settings, copies);
    int[][] copiesOfNode = copiesOfNode(copies, homes);
    return layer.experts(
        SlotPlanner.solve(
            layer.context(),
            settings,
            context -> DivideAndPack.best(context, settings, copiesOfNode)));
  }

  /** Shape [nodes][slotsPerNode]. */
  private int[][] copiesOfNode(int[] copies, int[] homes) {
    int[][] copiesOfNode = new int[problem.layout().nodes()][problem.layout().slotsPerNode()];
    int[] used = new int[copiesOfNode.length];
    for (int e = 0, copy = 0; e < copies.length; e++) {
      for (int c = 0; c < copies[e]; c++, copy++) {
        int node = homes[2 * e + c];
        copiesOfNode[node][used[node]++] = copy;
      }
    }
    return copiesOfNode;
  }

  /** Shape [halves]: the node of each half of an expert before the division. */
  private int[] halves(ViewedLayer viewed, int[] copies) {
    SlotLayout layout = problem.layout();
    int[] nodeOfCopy =
        new OrderedStart(viewed.limits(), viewed.problem().load(layout.slots()), layout).homes();
    int[] start = new int[2 * copies.length];
    for (int e = 0, copy = 0; e < copies.length; copy += copies[e++]) {
      start[2 * e] = nodeOfCopy[copy];
      start[2 * e + 1] = nodeOfCopy[copy + copies[e] - 1];
    }
    return start;
  }

  private ViewDivision division(ViewedLayer viewed) {
    return new ViewDivision(
        ViewedLayer.halves(problem).thinned(settings.budget().sampleTokens()),
        problem.layout(),
        NodeObjective.of(viewed.limits()));
  }
}
