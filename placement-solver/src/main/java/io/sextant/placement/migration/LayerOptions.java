package io.sextant.placement.migration;

import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerObjective;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Finds the maps that one layer could go to: each the best known for what it moves. */
public final class LayerOptions {
  /** Shares of a layer's slots: between them the gain of a move hardly changes. */
  private static final double[] SHARES = {0.0125, 0.025, 0.05, 0.1, 0.2, 0.4};

  private LayerOptions() {}

  /**
   * @param current shape [slots]: the map in force
   * @param replan shape [slots]: a plan made without regard to it
   * @param layerBudget another number of moved slots to solve for: an even share of what may move
   * @return by rising moved slots and falling objective; the first moves nothing
   */
  public static List<LayerOption> of(
      LayerProblem problem,
      SolverSettings settings,
      int[] current,
      int[] replan,
      int layerBudget,
      BudgetedSolver solver) {
    SlotLayout layout = problem.layout();
    LayerObjective objective = new LayerObjective(problem, settings);
    List<int[]> maps = new ArrayList<>();
    maps.add(current);
    maps.add(replan);
    budgets(layout.slots(), layerBudget)
        .forEach(budget -> maps.add(solver.solve(problem, settings, current, budget)));
    List<LayerOption> options = new ArrayList<>();
    for (int[] map : maps) {
      int[] slots = Relabelling.withinNodes(layout, current, map);
      options.add(
          new LayerOption(MovedSlots.count(layout, current, slots), objective.of(slots), slots));
    }
    return undominated(options);
  }

  private static IntStream budgets(int slots, int layerBudget) {
    IntStream.Builder budgets = IntStream.builder().add(slots).add(Math.min(slots, layerBudget));
    for (double share : SHARES) {
      budgets.add((int) (share * slots));
    }
    return budgets.build().filter(budget -> budget > 0).distinct().sorted();
  }

  private static List<LayerOption> undominated(List<LayerOption> options) {
    options.sort(
        Comparator.comparingInt(LayerOption::movedSlots)
            .thenComparingDouble(LayerOption::objective));
    List<LayerOption> kept = new ArrayList<>();
    for (LayerOption option : options) {
      if (kept.isEmpty() || option.objective() < kept.get(kept.size() - 1).objective()) {
        kept.add(option);
      }
    }
    return kept;
  }
}
