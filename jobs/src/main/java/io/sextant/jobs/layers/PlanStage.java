package io.sextant.jobs.layers;

import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.window.PlanningSample;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.problem.SlotBudget;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.spec.ModelSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Encoders;

/**
 * Plans every MoE layer on a sample, with one Spark task per layer. A layer's task receives whole
 * requests in arrival order, so that the plan does not depend on how the table is divided into
 * files or on the number of cores.
 */
public record PlanStage(PlanTarget target, PlanOrder order) {

  /**
   * Plans with all planners of the order; the layer's task runs all planners.
   *
   * @param window the window of the sample, for messages
   * @throws InvalidInputException if the sample lacks a layer of the model
   */
  public PlannedMaps run(PlanningSample sample, TraceWindow window) {
    int[] sizes = order.unevenLayers() ? sizes() : new int[] {target.layout().slots()};
    LayerTask task =
        new LayerTask(
            target.shape(),
            order.settings(),
            order.planners(),
            order.current().orElse(null),
            sizes,
            target.costModel());
    List<LayerPlan> inOrder =
        new ArrayList<>(
            sample
                .rows()
                .mapPartitions(task, Encoders.javaSerialization(LayerPlan.class))
                .collectAsList());
    inOrder.sort(Comparator.comparingInt(LayerPlan::layer));
    requireEveryLayer(target.model(), inOrder.stream().map(LayerPlan::layer).toList(), window);
    Map<Planner, PlacementMap> maps = new EnumMap<>(Planner.class);
    Map<Planner, Double> cpuSeconds = new EnumMap<>(Planner.class);
    int[] chosen = chosenSizes(inOrder, sizes);
    for (int i = 0; i < order.planners().size(); i++) {
      Planner planner = order.planners().get(i);
      int[][] slots = new int[inOrder.size()][];
      double seconds = 0;
      for (int l = 0; l < slots.length; l++) {
        LayerPlan plan = inOrder.get(l);
        slots[l] = planner == Planner.SEXTANT ? plan.sized().slots()[chosen[l]] : plan.slots()[i];
        seconds += plan.cpuSeconds()[i];
      }
      maps.put(planner, target.map(slots));
      cpuSeconds.put(planner, seconds);
    }
    return new PlannedMaps(
        maps,
        cpuSeconds,
        inOrder.get(0).tokens(),
        sample.windowTokens(),
        sample.days(),
        inOrder.stream().map(LayerPlan::options).toList());
  }

  /**
   * Numbers of slots that a layer may have: from one per expert up to equally far above the
   * average.
   */
  private int[] sizes() {
    SlotLayout layout = target.layout();
    int experts = target.model().experts();
    int gpus = layout.gpus();
    int minimum = (experts + gpus - 1) / gpus * gpus;
    int maximum = Math.min(2 * layout.slots() - minimum, experts * gpus);
    return IntStream.iterate(minimum, slots -> slots <= maximum, slots -> slots + gpus).toArray();
  }

  /**
   * The index of each layer's number of slots, shape [layers]; their total is the requested one.
   */
  private int[] chosenSizes(List<LayerPlan> inOrder, int[] sizes) {
    return SlotBudget.choose(
        sizes,
        inOrder.stream().map(plan -> plan.sized().objectives()).toArray(double[][]::new),
        target.layout().slots() * inOrder.size());
  }

  static void requireEveryLayer(ModelSpec model, List<Integer> layers, TraceWindow window) {
    if (!layers.equals(model.moeLayers())) {
      throw InvalidInputException.of(
          "traces of " + window.describe(),
          "they hold layers %s, the model has %s".formatted(layers, model.moeLayers()),
          "Ingest traces of every MoE layer");
    }
  }
}
