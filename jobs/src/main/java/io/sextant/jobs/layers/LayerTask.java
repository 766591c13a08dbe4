package io.sextant.jobs.layers;

import io.sextant.jobs.migrate.CurrentMap;
import io.sextant.jobs.serving.LayerShape;
import io.sextant.jobs.window.LayerTrace;
import io.sextant.jobs.window.RoutingRow;
import io.sextant.placement.cost.CostModel;
import io.sextant.placement.migration.LayerOption;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerObjective;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;

/**
 * Solves each layer that a sorted partition holds.
 *
 * @param current the map in force; null if there is none
 * @param sizes numbers of slots that a layer may have
 * @param cost the predicted time of a layer, to choose among maps
 */
record LayerTask(
    LayerShape shape,
    SolverSettings settings,
    List<Planner> planners,
    CurrentMap current,
    int[] sizes,
    CostModel cost)
    implements MapPartitionsFunction<RoutingRow, LayerPlan> {
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  @Override
  public Iterator<LayerPlan> call(Iterator<RoutingRow> rows) {
    List<LayerPlan> plans = new ArrayList<>();
    LayerTrace.gather(rows, shape.model(), shape.sources())
        .forEachRemaining(layer -> plans.add(solve(layer)));
    return plans.iterator();
  }

  private LayerPlan solve(LayerTrace trace) {
    LayerTokens tokens = trace.tokens();
    SolverSettings seeded = seeded(settings, trace.layer());
    LayerProblem problem = shape.problem(shape.layout(), tokens);
    MapSearch search = new MapSearch(shape, cost, trace, seeded);
    int[][] slots = new int[planners.size()][];
    double[] cpuSeconds = new double[slots.length];
    for (int i = 0; i < slots.length; i++) {
      long before = CLOCK.getCurrentThreadCpuTime();
      slots[i] =
          planners.get(i) == Planner.SEXTANT
              ? search.best(shape.layout())
              : planners.get(i).place(shape.model(), problem, seeded);
      cpuSeconds[i] = (CLOCK.getCurrentThreadCpuTime() - before) / 1e9;
    }
    int[] sextant = slots[planners.indexOf(Planner.SEXTANT)];
    List<LayerOption> options =
        current == null
            ? List.of()
            : current.options(
                shape.model().moeLayers().indexOf(trace.layer()), problem, seeded, sextant);
    return new LayerPlan(
        trace.layer(), tokens.tokens(), slots, cpuSeconds, options, sized(search, tokens, sextant));
  }

  /** Each layer has its own stream of random choices, independent of the task that solves it. */
  static SolverSettings seeded(SolverSettings settings, int layer) {
    return settings.withSeed(settings.seed() * 31 + layer);
  }

  private SizedPlans sized(MapSearch search, LayerTokens tokens, int[] sextant) {
    int[][] plans = new int[sizes.length][];
    double[] objectives = new double[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      SlotLayout sized = shape.layout().withSlots(sizes[i]);
      plans[i] = sizes[i] == shape.layout().slots() ? sextant : search.best(sized);
      objectives[i] =
          sizes.length == 1
              ? 0
              : new LayerObjective(shape.problem(sized, tokens), search.settings()).of(plans[i]);
    }
    return new SizedPlans(plans, objectives);
  }
}
