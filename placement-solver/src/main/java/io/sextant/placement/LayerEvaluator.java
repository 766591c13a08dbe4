package io.sextant.placement;

import java.util.Arrays;

/**
 * Exact metrics of one layer's placement, fed with the tokens of one file in arrival order.
 *
 * <p>A token on node s uses, for each of its experts, a copy on s if there is one, else one of the
 * others; among equals {@link ReplicaChoice} decides. It travels once to a node, whatever number of
 * experts it needs there. A micro-batch is {@code microBatchTokens} consecutive tokens; an
 * incomplete last one counts for the traffic but not for the averages over micro-batches. A decode
 * step is {@code decodeStepTokens} consecutive decode rows. Not thread-safe.
 */
public final class LayerEvaluator {
  /** Micro-batch of the published comparison, in tokens. */
  public static final int DEFAULT_MICRO_BATCH_TOKENS = 8192;

  /** Concurrent decode requests of a mid-sized deployment, one row each. */
  public static final int DEFAULT_DECODE_STEP_TOKENS = 256;

  private final SlotLayout layout;
  private final CostModel cost;
  private final int microBatchTokens;
  private final int decodeStepTokens;
  private final int[] copyStart;
  private final int[] copySlot;
  private final int[] gpuOfSlot;
  private final int[] nodeOfSlot;

  private final long[] slotLoad;
  private final long[] received;
  private final double[] receiveTime;
  private final long[] sent;
  private final double[] price;
  private final float[] slowness;
  private final long[] gpuStamp;
  private final long[] nodeStamp;
  private final long[] decodeStamp;
  private final int[] activated;

  private long row;
  private int inMicroBatch;
  private int inDecodeStep;
  private long decodeStep = 1;

  private long remoteNodes;
  private long gpus;
  private long prefillRows;
  private long remotePrefill;
  private long microBatches;
  private double gpuLoadImbalance;
  private double nodeReceiveImbalance;
  private long decodeSteps;
  private long activatedExperts;
  private double layerMicros;

  private MicroBatchRecord record;
  private SlotLoads loads;
  private long remoteNodesBefore;
  private long gpusBefore;

  /**
   * @param slotToExpert the logical expert in each physical slot
   * @throws IllegalArgumentException where an expert has no slot
   */
  public LayerEvaluator(
      SlotLayout layout,
      int[] slotToExpert,
      int experts,
      CostModel cost,
      int microBatchTokens,
      int decodeStepTokens) {
    if (slotToExpert.length != layout.slots()) {
      throw new IllegalArgumentException(
          "The layer has %d slots but the cluster %d"
              .formatted(slotToExpert.length, layout.slots()));
    }
    CopyTable copies = CopyTable.of(slotToExpert, experts);
    this.layout = layout;
    this.cost = cost;
    this.microBatchTokens = microBatchTokens;
    this.decodeStepTokens = decodeStepTokens;
    this.copyStart = copies.start();
    this.copySlot = copies.slot();
    this.gpuOfSlot = new int[layout.slots()];
    this.nodeOfSlot = new int[layout.slots()];
    for (int p = 0; p < layout.slots(); p++) {
      gpuOfSlot[p] = layout.gpuOfSlot(p);
      nodeOfSlot[p] = layout.nodeOfSlot(p);
    }
    this.slotLoad = new long[layout.slots()];
    this.received = new long[layout.nodes()];
    int nodes = layout.nodes();
    this.receiveTime = new double[nodes];
    this.sent = new long[nodes * nodes];
    this.price = new double[nodes * nodes];
    for (int i = 0; i < price.length; i++) {
      price[i] = layout.topology().price(i / nodes, i % nodes);
    }
    this.slowness = layout.topology().slowness(layout.gpus());
    this.gpuStamp = new long[layout.gpus()];
    this.nodeStamp = new long[layout.nodes()];
    this.decodeStamp = new long[layout.slots()];
    this.activated = new int[layout.gpus()];
  }

  /** Keeps the measures of every micro-batch that ends from now on; returns this. */
  public LayerEvaluator recordInto(MicroBatchRecord microBatchRecord) {
    record = microBatchRecord;
    return this;
  }

  /** What each micro-batch asked of each slot, for whoever wants to run it. */
  @FunctionalInterface
  public interface SlotLoads {
    /**
     * @param tokensOfSlot rows each slot computes; belongs to the evaluator, so copy it
     * @param received tokens the busiest node gets from others; over unequal links they count by
     *     the price of theirs
     */
    void microBatch(long[] tokensOfSlot, double received);
  }

  /** Reports the loads of every micro-batch that ends from now on; returns this. */
  public LayerEvaluator reportTo(SlotLoads slotLoads) {
    loads = slotLoads;
    return this;
  }

  /**
   * Adds the rows of one request.
   *
   * @param ids shape [rows x topK], token-major
   * @param prefillTokens rows of the prompt; they come first
   * @param sourceNode the node the request runs on
   */
  public void add(short[] ids, int topK, int prefillTokens, int sourceNode) {
    int rows = ids.length / topK;
    for (int r = 0; r < rows; r++) {
      boolean decode = r >= prefillTokens;
      // Stamps hold row + 1, so that the zeros they start with are no row's.
      long stamp = ++row;
      int remote = 0;
      for (int i = r * topK, end = i + topK; i < end; i++) {
        int slot = slotFor(ids[i], sourceNode, stamp - 1);
        slotLoad[slot]++;
        int gpu = gpuOfSlot[slot];
        if (gpuStamp[gpu] != stamp) {
          gpuStamp[gpu] = stamp;
          gpus++;
          int node = nodeOfSlot[slot];
          if (node != sourceNode && nodeStamp[node] != stamp) {
            nodeStamp[node] = stamp;
            received[node]++;
            int link = sourceNode * received.length + node;
            receiveTime[node] += price[link];
            sent[link]++;
            remote++;
          }
        }
        if (decode && decodeStamp[slot] != decodeStep) {
          decodeStamp[slot] = decodeStep;
          activated[gpu]++;
        }
      }
      remoteNodes += remote;
      if (decode) {
        if (++inDecodeStep == decodeStepTokens) {
          endDecodeStep();
        }
      } else {
        prefillRows++;
        remotePrefill += remote;
      }
      if (++inMicroBatch == microBatchTokens) {
        endMicroBatch();
      }
    }
  }

  private int slotFor(int expert, int sourceNode, long tokenRow) {
    int from = copyStart[expert];
    int n = copyStart[expert + 1] - from;
    if (n == 1) {
      return copySlot[from];
    }
    int hash = ReplicaChoice.hash(tokenRow, expert);
    int here = 0;
    for (int i = from; i < from + n; i++) {
      if (nodeOfSlot[copySlot[i]] == sourceNode) {
        here++;
      }
    }
    if (here == 0) {
      return copySlot[from + hash % n];
    }
    int pick = hash % here;
    int i = from;
    while (nodeOfSlot[copySlot[i]] != sourceNode || pick-- > 0) {
      i++;
    }
    return copySlot[i];
  }

  private void endMicroBatch() {
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
    double mostReceived = Arrays.stream(receiveTime).max().orElse(0);
    double micros = slowestGpu + cost.receiveMicros(mostReceived);
    if (loads != null) {
      loads.microBatch(slotLoad, mostReceived);
    }
    layerMicros += micros;
    microBatches++;
    if (record != null) {
      record.add(
          (remoteNodes - remoteNodesBefore) / (double) microBatchTokens,
          (gpus - gpusBefore) / (double) microBatchTokens,
          gpuLoad,
          nodeReceive,
          micros);
      remoteNodesBefore = remoteNodes;
      gpusBefore = gpus;
    }
    inMicroBatch = 0;
    Arrays.fill(slotLoad, 0);
    Arrays.fill(received, 0);
    Arrays.fill(receiveTime, 0);
  }

  private void endDecodeStep() {
    int most = 0;
    for (int g = 0; g < activated.length; g++) {
      most = Math.max(most, activated[g]);
      activated[g] = 0;
    }
    activatedExperts += most;
    decodeSteps++;
    inDecodeStep = 0;
    decodeStep++;
  }

  /** From counts, so that the order of the tokens cannot change the last digit. */
  private double trafficCost() {
    if (!layout.topology().pricesLinks()) {
      return Double.NaN;
    }
    double sum = 0;
    for (int i = 0; i < sent.length; i++) {
      sum += sent[i] * price[i];
    }
    return sum;
  }

  /**
   * Tokens sent between nodes so far, each once to a node.
   *
   * @return shape [nodes x nodes], source node first; 0 from a node to itself
   */
  public long[] sentTokens() {
    return sent.clone();
  }

  /** What has been seen so far. */
  public PlacementTally tally() {
    return new PlacementTally(
        row,
        remoteNodes,
        gpus,
        microBatches,
        gpuLoadImbalance,
        nodeReceiveImbalance,
        decodeSteps,
        activatedExperts,
        prefillRows,
        remotePrefill,
        layerMicros,
        trafficCost());
  }
}
