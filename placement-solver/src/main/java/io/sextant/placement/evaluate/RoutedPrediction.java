package io.sextant.placement.evaluate;

import io.sextant.placement.cost.CostModel;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.Transport;
import java.util.Arrays;

/** The predicted layer time of one micro-batch whose slots are already chosen. */
public final class RoutedPrediction {
  private final SlotLayout layout;
  private final Transport transport;
  private final CostModel cost;

  /** Predictions for one cluster and transport, by the formula of {@link LayerEvaluator}. */
  public RoutedPrediction(SlotLayout layout, Transport transport, CostModel cost) {
    this.layout = layout;
    this.transport = transport;
    this.cost = cost;
  }

  /**
   * Microseconds of dispatch, the slowest GPU's experts, and combine.
   *
   * @param sourceGpus the GPU that each row starts from, shape [rows]
   * @param slots the slot of each choice, shape [rows x topK]
   */
  public double micros(int[] sourceGpus, int[] slots) {
    BatchCounts counts = new BatchCounts(layout, transport);
    BatchSums sums = new BatchSums(layout, transport, cost, counts);
    MicroBatchRecord batch = new MicroBatchRecord();
    sums.recordInto(batch);
    int topK = slots.length / sourceGpus.length;
    for (int row = 0; row < sourceGpus.length; row++) {
      counts.add(Arrays.copyOfRange(slots, row * topK, (row + 1) * topK), 1, topK, sourceGpus[row]);
    }
    sums.endBatch();
    return batch.values(MicroBatchMeasure.LAYER_MICROS)[0];
  }
}
