package io.sextant.placement.evaluate;

import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;

/**
 * The loads of the micro-batch at hand and the sums over the complete ones. The evaluator counts
 * straight into the arrays, because that is its innermost loop.
 */
final class MicroBatches {
  private final SlotLayout layout;
  private final CostModel cost;
  private final int tokens;
  private final boolean priced;
  private final float[] slowness;
  private final long[] slotLoad;
  private final long[] received;
  private final double[] receiveTime;

  private long complete;
  private double gpuLoadImbalance;
  private double nodeReceiveImbalance;
  private double layerMicros;

  private MicroBatchRecord record;
  private LayerEvaluator.SlotLoads listener;
  private long remoteNodesBefore;
  private long gpusBefore;

  /**
   * @param tokens tokens of a micro-batch
   */
  MicroBatches(SlotLayout layout, CostModel cost, int tokens) {
    this.layout = layout;
    this.cost = cost;
    this.tokens = tokens;
    this.priced = layout.topology().pricesLinks();
    this.slowness = layout.topology().slowness(layout.gpus());
    this.slotLoad = new long[layout.slots()];
    this.received = new long[layout.nodes()];
    this.receiveTime = new double[layout.nodes()];
  }

  void recordInto(MicroBatchRecord microBatchRecord) {
    record = microBatchRecord;
  }

  void reportTo(LayerEvaluator.SlotLoads slotLoads) {
    listener = slotLoads;
  }

  /** Shape [slots]: rows that each slot computes. */
  long[] slotLoad() {
    return slotLoad;
  }

  /** Shape [nodes]: tokens that each node gets from others. */
  long[] received() {
    return received;
  }

  /** Shape [nodes]: the same by the price of each link; unused if links have no prices. */
  double[] receiveTime() {
    return receiveTime;
  }

  /**
   * Ends the micro-batch at hand and starts the next one.
   *
   * @param remoteNodes of all tokens so far, as in {@link PlacementTally}
   * @param gpus of all tokens so far
   */
  void end(long remoteNodes, long gpus) {
    long sum = 0;
    double max = 0;
    double slowestGpu = 0;
    int perGpu = layout.slotsPerGpu();
    for (int g = 0, p = 0; g < layout.gpus(); g++) {
      long load = 0;
      int active = 0;
      for (int end = p + perGpu; p < end; p++) {
        load += slotLoad[p];
        active += slotLoad[p] > 0 ? 1 : 0;
      }
      sum += load;
      max = Math.max(max, load * (double) slowness[g]);
      slowestGpu = Math.max(slowestGpu, cost.gpuMicros(load, active) / layout.topology().speed(g));
    }
    double gpuLoad = max * layout.gpus() / sum;
    gpuLoadImbalance += gpuLoad;
    long receivedSum = 0;
    long receivedMax = 0;
    for (long r : received) {
      receivedSum += r;
      receivedMax = Math.max(receivedMax, r);
    }
    double nodeReceive = receivedSum == 0 ? 1 : receivedMax * (double) layout.nodes() / receivedSum;
    nodeReceiveImbalance += nodeReceive;
    double mostReceived = priced ? Arrays.stream(receiveTime).max().orElse(0) : receivedMax;
    double micros = slowestGpu + cost.receiveMicros(mostReceived);
    if (listener != null) {
      listener.microBatch(slotLoad, mostReceived);
    }
    layerMicros += micros;
    complete++;
    if (record != null) {
      record.add(
          (remoteNodes - remoteNodesBefore) / (double) tokens,
          (gpus - gpusBefore) / (double) tokens,
          gpuLoad,
          nodeReceive,
          micros);
      remoteNodesBefore = remoteNodes;
      gpusBefore = gpus;
    }
    Arrays.fill(slotLoad, 0);
    Arrays.fill(received, 0);
    Arrays.fill(receiveTime, 0);
  }

  /** Complete micro-batches. */
  long complete() {
    return complete;
  }

  /** Sum over complete micro-batches of max/mean GPU load. */
  double gpuLoadImbalance() {
    return gpuLoadImbalance;
  }

  /** Sum over complete micro-batches of max/mean tokens received by a node. */
  double nodeReceiveImbalance() {
    return nodeReceiveImbalance;
  }

  /** Sum over complete micro-batches of the predicted layer time, microseconds. */
  double layerMicros() {
    return layerMicros;
  }
}
