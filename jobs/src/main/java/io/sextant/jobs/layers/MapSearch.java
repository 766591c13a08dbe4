package io.sextant.jobs.layers;

import io.sextant.jobs.serving.LayerShape;
import io.sextant.jobs.window.LayerTrace;
import io.sextant.placement.cost.CostModel;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerSolver;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Finds Sextant's map of a layer. The search minimises traffic and imbalance at a fixed price, so a
 * map that was found for another rule, or a baseline's, can have a lower predicted time. All maps
 * that are likely to are made, and the one with the least predicted time on the window is taken.
 * Each search has all steps: with half of them, load was 0.02 higher (docs/evidence/serving.md).
 *
 * @param settings length and objective of the search
 */
record MapSearch(LayerShape shape, CostModel cost, LayerTrace trace, SolverSettings settings) {
  private static final int LIGHTER = 4;

  /**
   * @return the logical expert in each slot, shape [slots]
   */
  int[] best(SlotLayout slots) {
    return best(slots, (problem, priced) -> List.of(LayerSolver.solve(problem, priced)));
  }

  /**
   * The better of two maps that are found in a fourth of the steps each: one from a map with fewer
   * slots, and one from nothing, because the best experts to copy may be others than before
   * (docs/evidence/price.md).
   *
   * @param fewer shape [fewer slots]: the logical expert in each slot, on the same GPUs
   */
  int[] grown(SlotLayout slots, int[] fewer) {
    return best(
        slots,
        (problem, priced) -> {
          SolverSettings light = priced.lighter(LIGHTER);
          return LayerSolver.grow(problem, light, fewer)
              .map(grown -> List.of(grown, LayerSolver.solve(problem, light)))
              .orElseGet(() -> List.of(LayerSolver.solve(problem, priced)));
        });
  }

  private int[] best(
      SlotLayout slots, BiFunction<LayerProblem, SolverSettings, List<int[]>> solver) {
    LayerProblem problem = shape.problem(slots, trace.tokens());
    List<int[]> maps = new ArrayList<>();
    for (CopyRule rule : rules(problem)) {
      maps.addAll(solver.apply(problem.under(rule), settings(problem, rule)));
    }
    if (WindowMicros.balanceAloneCanWin(shape)) {
      for (Planner baseline : List.of(Planner.EPLB, Planner.FLASHLB)) {
        maps.add(
            LayerSolver.surviving(
                problem, settings, baseline.place(shape.model(), problem, settings)));
      }
    }
    return maps.size() == 1 ? maps.get(0) : new WindowMicros(shape, cost, trace).best(slots, maps);
  }

  /**
   * The rules under which maps are searched for, the profile's own first. Under both rules with
   * views, the copies of an expert are dealt out to classes of tokens, so either search may find
   * the better map (docs/evidence/serving.md).
   */
  private static List<CopyRule> rules(LayerProblem problem) {
    CopyRule own = problem.rule();
    boolean views =
        own.hasViews()
            && problem.transport() == Transport.NODE_DEDUPLICATED
            && problem.layout().nodes() > 1
            && problem.layout().slots() > problem.tokens().experts();
    return views
        ? List.of(own, own == CopyRule.RANK ? CopyRule.TOKEN_HASH : CopyRule.RANK)
        : List.of(own);
  }

  /** The prices of a rule, unless the user gave one. */
  private SolverSettings settings(LayerProblem problem, CopyRule rule) {
    int experts = problem.tokens().experts();
    SolverSettings usual = settings.forRule(problem.rule(), problem.layout(), experts);
    return settings.weights().equals(usual.weights())
        ? settings.forRule(rule, problem.layout(), experts)
        : settings;
  }
}
