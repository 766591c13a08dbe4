package io.sextant.jobs.gpu.layer;

import io.sextant.gpu.layer.LayerTransport;
import io.sextant.gpu.layer.RoutedBatch;
import io.sextant.gpu.layer.StepPrediction;
import io.sextant.jobs.serving.CostModels;
import io.sextant.placement.cost.CostModel;
import io.sextant.placement.evaluate.RoutedPrediction;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.Topology;
import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.Packaging;
import io.sextant.schema.spec.Transport;
import java.util.List;

/** Predicted times of the micro-batches of a model on a cluster. */
final class LayerPredictions {
  private static final int RESULT_BYTES = 2;

  private final ModelSpec model;
  private final ClusterSpec cluster;
  private final Topology topology;
  private final int rowBytes;
  private final CostModel cost;
  private final StepPrediction steps;

  /**
   * @param packaging packaging of the experts, in BF16 or 8 bits
   */
  LayerPredictions(ModelSpec model, ClusterSpec cluster, Packaging packaging) {
    this.model = model;
    this.cluster = cluster;
    topology =
        new Topology(cluster.nodeCost().orElse(List.of()), cluster.gpuSpeed().orElse(List.of()));
    rowBytes = packaging.products() == Packaging.Products.E4M3 ? 1 : 2;
    cost = CostModels.of(model, cluster, packaging);
    steps =
        new StepPrediction(
            cluster.interNodeGigabytesPerSecond() / cluster.gpusPerNode(),
            cluster.intraNodeGigabytesPerSecond(),
            cluster.gpuMemoryGigabytesPerSecond(),
            cost.links().fixedMicros());
  }

  /**
   * Microseconds of a layer.
   *
   * @param solver by which the solver compares plans: the slowest GPU's experts and the busiest
   *     link
   * @param steps step by step: each GPU waits for its own rows only
   */
  record Predicted(double solver, double steps) {}

  Predicted of(RoutedBatch batch, LayerTransport transport) {
    RoutedBatch.Routing routing = batch.routing();
    SlotLayout layout =
        SlotLayout.of(cluster.nodes(), cluster.gpusPerNode(), batch.slots()).on(topology);
    double solver =
        new RoutedPrediction(layout, Transport.valueOf(transport.name()), cost)
            .micros(routing.sourceGpus(), routing.slots());
    long[] rowsOfSlot = new long[batch.slots()];
    for (int slot : routing.slots()) {
      rowsOfSlot[slot]++;
    }
    double[] experts = new double[batch.gpus()];
    for (int g = 0, first = 0; g < experts.length; g++, first += batch.slotsOfGpu()) {
      experts[g] =
          cost.gpuMicros(rowsOfSlot, first, first + batch.slotsOfGpu()) / topology.speed(g);
    }
    double inSteps =
        steps.micros(
            batch, transport, rowBytes * model.hidden(), RESULT_BYTES * model.hidden(), experts);
    return new Predicted(solver, inSteps);
  }
}
