package io.sextant.jobs.layers;

import io.sextant.jobs.serving.LayerShape;
import io.sextant.jobs.window.LayerTrace;
import io.sextant.jobs.window.RoutingRow;
import io.sextant.placement.cost.CostModel;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SolverSettings;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;

/**
 * Plans each layer that a sorted partition holds for several numbers of slots. The smallest is
 * solved as {@code solve} does, each other one from the plan with fewer slots.
 *
 * @param layouts the slots, fewer first
 * @param settings settings of the search of each layout
 * @param cost the predicted time of a layer, to choose among maps
 */
record SweepTask(
    LayerShape shape, List<SlotLayout> layouts, List<SolverSettings> settings, CostModel cost)
    implements MapPartitionsFunction<RoutingRow, SweptLayer> {
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  @Override
  public Iterator<SweptLayer> call(Iterator<RoutingRow> rows) {
    List<SweptLayer> layers = new ArrayList<>();
    LayerTrace.gather(rows, shape.model(), shape.sources())
        .forEachRemaining(trace -> layers.add(sweep(trace)));
    return layers.iterator();
  }

  private SweptLayer sweep(LayerTrace trace) {
    int[][] slots = new int[layouts.size()][];
    double[] cpuSeconds = new double[slots.length];
    for (int i = 0; i < slots.length; i++) {
      long before = CLOCK.getCurrentThreadCpuTime();
      MapSearch search =
          new MapSearch(shape, cost, trace, LayerTask.seeded(settings.get(i), trace.layer()));
      slots[i] = i == 0 ? search.best(layouts.get(0)) : search.grown(layouts.get(i), slots[i - 1]);
      cpuSeconds[i] = (CLOCK.getCurrentThreadCpuTime() - before) / 1e9;
    }
    return new SweptLayer(trace.layer(), slots, cpuSeconds);
  }
}
