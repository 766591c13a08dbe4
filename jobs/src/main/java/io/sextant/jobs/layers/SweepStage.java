package io.sextant.jobs.layers;

import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.window.PlanningSample;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Encoders;

/** Plans every MoE layer on a sample for several numbers of slots. */
public record SweepStage(SweepOrder order) {

  /**
   * @param window the window of the sample, for messages
   * @throws InvalidInputException if the sample lacks a layer of the model
   */
  public SweptPlans run(PlanningSample sample, TraceWindow window) {
    PlanTarget least = order.least();
    SweepTask task =
        new SweepTask(
            least.shape(),
            order.targets().stream().map(PlanTarget::layout).toList(),
            order.settings(),
            least.costModel());
    List<SweptLayer> inOrder =
        new ArrayList<>(
            sample
                .rows()
                .mapPartitions(task, Encoders.javaSerialization(SweptLayer.class))
                .collectAsList());
    inOrder.sort(Comparator.comparingInt(SweptLayer::layer));
    PlanStage.requireEveryLayer(
        least.model(), inOrder.stream().map(SweptLayer::layer).toList(), window);
    List<PlacementMap> maps = new ArrayList<>();
    List<Double> cpuSeconds = new ArrayList<>();
    for (int i = 0; i < order.targets().size(); i++) {
      int size = i;
      PlacementMap map =
          least.map(inOrder.stream().map(layer -> layer.slots()[size]).toArray(int[][]::new));
      map.requireSound("the plan", least.layout().gpus());
      maps.add(map);
      cpuSeconds.add(inOrder.stream().mapToDouble(layer -> layer.cpuSeconds()[size]).sum());
    }
    return new SweptPlans(order, maps, cpuSeconds);
  }
}
