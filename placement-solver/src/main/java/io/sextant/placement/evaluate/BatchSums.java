package io.sextant.placement.evaluate;

import io.sextant.placement.copies.BalancedShares;
import io.sextant.placement.copies.CopyTable;
import io.sextant.placement.cost.CostModel;
import io.sextant.placement.cost.LinkCosts;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.Transport;
import java.util.Arrays;

/** The figures of each batch when it ends, and their sums. */
final class BatchSums {
  private final SlotLayout layout;
  private final Transport transport;
  private final CostModel cost;
  private final BatchCounts counts;
  private final float[] slowness;
  private final double[] speed;
  private final long[] sent;
  private final long[] sentInBatch;

  private StreamTally complete = StreamTally.EMPTY;
  private CopyTable copies;
  private BalancedShares balanced;
  private MicroBatchRecord record;
  private LayerEvaluator.SlotLoads listener;

  BatchSums(SlotLayout layout, Transport transport, CostModel cost, BatchCounts counts) {
    this.layout = layout;
    this.transport = transport;
    this.cost = cost;
    this.counts = counts;
    this.slowness = layout.topology().slowness(layout.gpus());
    this.speed = new double[layout.gpus()];
    Arrays.setAll(speed, layout.topology()::speed);
    this.sent = new long[layout.nodes() * layout.nodes()];
    this.sentInBatch = new long[sent.length];
  }

  void recordInto(MicroBatchRecord microBatchRecord) {
    record = microBatchRecord;
  }

  void reportTo(LayerEvaluator.SlotLoads slotLoads) {
    listener = slotLoads;
  }

  /** Also computes the least load of the busiest GPU from the next batch on. */
  void findLeastLoad(CopyTable copyTable, BalancedShares balancedShares) {
    copies = copyTable;
    balanced = balancedShares;
  }

  long batches() {
    return complete.batches();
  }

  /** Shape [nodes x nodes], source node first: rows sent in the complete batches. */
  long[] sent() {
    return sent.clone();
  }

  /** Like {@link #sent}, of the rows at hand. */
  long[] sentInBatch() {
    counts.unpack();
    Arrays.fill(sentInBatch, 0);
    counts.links().addSentTo(sentInBatch);
    return sentInBatch.clone();
  }

  /**
   * The sums over the complete batches.
   *
   * @param leftOut rows of the batch at hand
   */
  StreamTally tally(long leftOut) {
    return complete.tokens() == 0
        ? StreamTally.EMPTY
        : complete.plus(StreamTally.leftOut(leftOut)).withTrafficCost(trafficCost(sent));
  }

  /** The traffic of the rows at hand alone. */
  StreamTally traffic() {
    double cost = trafficCost(sentInBatch());
    return StreamTally.traffic(
            counts.rows(), counts.remoteNodes(), counts.remoteSends(), counts.gpus())
        .withTrafficCost(cost);
  }

  /** From counts, so that the order of the tokens cannot change the last digit. */
  private double trafficCost(long[] rowsSent) {
    return layout.topology().pricesLinks() ? counts.links().cost(rowsSent) : Double.NaN;
  }

  /** Adds the batch at hand to the sums and starts the next one. */
  void endBatch() {
    counts.unpack();
    BatchLinks links = counts.links();
    Arrays.fill(sentInBatch, 0);
    links.addSentTo(sentInBatch);
    for (int i = 0; i < sent.length; i++) {
      sent[i] += sentInBatch[i];
    }
    GpuWork work = gpuWork();
    double nodeImbalance = links.nodeImbalance(sentInBatch);
    double busiestNode = links.busiestNode(sentInBatch);
    double micros =
        work.slowestMicros()
            + cost.links()
                .micros(
                    transport,
                    layout,
                    new LinkCosts.BusiestLinks(
                        busiestNode, links.busiestPort(), links.busiestNvlink(), counts.rows()));
    if (listener != null) {
      listener.microBatch(counts.slotLoad(), busiestNode);
    }
    complete =
        complete.plus(
            new StreamTally(
                counts.rows(),
                0,
                counts.remoteNodes(),
                counts.remoteSends(),
                counts.gpus(),
                1,
                work.imbalance(),
                balanced == null ? Double.NaN : leastImbalance(work.rows()),
                nodeImbalance,
                links.portImbalance(),
                work.activated(),
                micros,
                0));
    if (record != null) {
      double rows = counts.rows();
      record.add(
          counts.remoteNodes() / rows,
          counts.gpus() / rows,
          work.imbalance(),
          nodeImbalance,
          micros);
    }
    counts.clear();
  }

  /**
   * The work of the GPUs in a batch.
   *
   * @param rows rows x experts of all GPUs
   * @param imbalance max/mean rows x experts of a GPU
   * @param activated experts with a row on the GPU that has most of them
   * @param slowestMicros time of the GPU that takes longest
   */
  private record GpuWork(long rows, double imbalance, int activated, double slowestMicros) {}

  private GpuWork gpuWork() {
    long[] slotLoad = counts.slotLoad();
    long sum = 0;
    double max = 0;
    int mostActive = 0;
    double slowest = 0;
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
      mostActive = Math.max(mostActive, active);
      slowest = Math.max(slowest, cost.gpuMicros(slotLoad, p - perGpu, p) / speed[g]);
    }
    return new GpuWork(sum, max * layout.gpus() / sum, mostActive, slowest);
  }

  private double leastImbalance(long sum) {
    int[] ofExpert = new int[copies.experts()];
    for (int e = 0; e < ofExpert.length; e++) {
      for (int i = copies.start()[e]; i < copies.start()[e + 1]; i++) {
        ofExpert[e] += (int) counts.slotLoad()[copies.slot()[i]];
      }
    }
    return balanced.balance(ofExpert) * layout.gpus() / sum;
  }
}
