package io.sextant.placement.evaluate;

import io.sextant.placement.problem.ReplicaChoice;
import io.sextant.placement.problem.SlotLayout;

/**
 * Exact metrics of one layer's placement, fed with the tokens of one file in arrival order.
 *
 * <p>A token on node s uses, for each of its experts, a copy on s if there is one, else one of the
 * others; among equals {@link ReplicaChoice} decides. It travels once to a node, however many of
 * its experts it uses there. A micro-batch is {@code microBatchTokens} consecutive tokens; an
 * incomplete last one counts for the traffic but not for the averages over micro-batches. A decode
 * step is {@code decodeStepTokens} consecutive decode rows. Not thread-safe.
 */
public final class LayerEvaluator {
  /** Micro-batch of the published comparison, in tokens. */
  public static final int DEFAULT_MICRO_BATCH_TOKENS = 8192;

  /** Concurrent decode requests of a mid-sized deployment, one row each. */
  public static final int DEFAULT_DECODE_STEP_TOKENS = 256;

  private final int microBatchTokens;
  private final boolean priced;
  private final boolean fitsBits;
  private final CopyChoices choices;
  private final int[] gpuOfSlot;
  private final int[] nodeOfSlot;

  /** The slots that the experts of the row just added are in. */
  private int[] slots = {};

  private final MicroBatches microBatches;
  private final DecodeSteps decodeSteps;
  private final long[] slotLoad;
  private final long[] received;
  private final double[] receiveTime;
  private final long[] sent;
  private final double[] price;
  private final long[] gpuStamp;
  private final long[] nodeStamp;

  private long row;
  private int inMicroBatch;
  private long remoteNodes;
  private long gpus;
  private long prefillRows;
  private long remotePrefill;
  private long decodeRows;
  private long remoteDecode;

  /**
   * @param slotToExpert the logical expert in each physical slot
   * @throws IllegalArgumentException if an expert has no slot
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
    this.microBatchTokens = microBatchTokens;
    this.priced = layout.topology().pricesLinks();
    this.fitsBits = layout.gpus() <= Long.SIZE;
    this.gpuOfSlot = new int[layout.slots()];
    this.nodeOfSlot = new int[layout.slots()];
    for (int p = 0; p < layout.slots(); p++) {
      gpuOfSlot[p] = layout.gpuOfSlot(p);
      nodeOfSlot[p] = layout.nodeOfSlot(p);
    }
    int nodes = layout.nodes();
    this.choices = new CopyChoices(CopyTable.of(slotToExpert, experts), nodeOfSlot, nodes);
    this.microBatches = new MicroBatches(layout, cost, microBatchTokens);
    this.decodeSteps = new DecodeSteps(gpuOfSlot, layout.gpus(), decodeStepTokens);
    this.slotLoad = microBatches.slotLoad();
    this.received = microBatches.received();
    this.receiveTime = microBatches.receiveTime();
    this.sent = new long[nodes * nodes];
    this.price = new double[nodes * nodes];
    for (int i = 0; i < price.length; i++) {
      price[i] = layout.topology().price(i / nodes, i % nodes);
    }
    this.gpuStamp = new long[layout.gpus()];
    this.nodeStamp = new long[nodes];
  }

  /** Keeps the measures of every micro-batch that ends from now on; returns this. */
  public LayerEvaluator recordInto(MicroBatchRecord microBatchRecord) {
    microBatches.recordInto(microBatchRecord);
    return this;
  }

  /** Receives the load of each slot in each micro-batch, to run it or to record it. */
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
    microBatches.reportTo(slotLoads);
    return this;
  }

  /**
   * Adds the rows of one request.
   *
   * @param ids shape [rows x topK], token-major
   * @param prefillTokens rows of the prompt; they come first
   * @param decodeTokens rows of generated tokens, which follow; the phase of any further rows is
   *     unknown, so they count in neither phase's figures and in no decode step
   * @param sourceNode the node the request runs on
   */
  public void add(short[] ids, int topK, int prefillTokens, int decodeTokens, int sourceNode) {
    if (topK > slots.length) {
      slots = new int[topK];
    }
    int rows = ids.length / topK;
    int prefillRowsHere = Math.min(prefillTokens, rows);
    prefillRows += prefillRowsHere;
    for (int r = 0; r < prefillRowsHere; r++) {
      remotePrefill += addRow(ids, r * topK, topK, sourceNode);
    }
    int end = Math.min(prefillRowsHere + decodeTokens, rows);
    decodeRows += end - prefillRowsHere;
    for (int r = prefillRowsHere; r < end; r++) {
      remoteDecode += addRow(ids, r * topK, topK, sourceNode);
      decodeSteps.add(slots, topK);
    }
    for (int r = end; r < rows; r++) {
      addRow(ids, r * topK, topK, sourceNode);
    }
  }

  /**
   * Adds a row. Branch-free per expert: such branches would be unpredictable.
   *
   * @return the remote nodes it is sent to
   */
  private int addRow(short[] ids, int from, int topK, int sourceNode) {
    choices.choose(ids, from, topK, sourceNode, row++, slots);
    int remote = fitsBits ? visitByBits(topK, sourceNode) : visit(topK, sourceNode);
    remoteNodes += remote;
    if (++inMicroBatch == microBatchTokens) {
      microBatches.end(remoteNodes, gpus);
      inMicroBatch = 0;
    }
    return remote;
  }

  /** For clusters whose GPUs, and with them nodes, are bits of a long. */
  private int visitByBits(int topK, int sourceNode) {
    long gpuBits = 0;
    long nodeBits = 0;
    for (int k = 0; k < topK; k++) {
      int slot = slots[k];
      slotLoad[slot]++;
      gpuBits |= 1L << gpuOfSlot[slot];
      nodeBits |= 1L << nodeOfSlot[slot];
    }
    gpus += Long.bitCount(gpuBits);
    nodeBits &= ~(1L << sourceNode);
    for (long left = nodeBits; left != 0; left &= left - 1) {
      send(sourceNode, Long.numberOfTrailingZeros(left));
    }
    return Long.bitCount(nodeBits);
  }

  private int visit(int topK, int sourceNode) {
    // The row's own number is the stamp; it has been counted, so no stamp is the zero they start
    // with.
    nodeStamp[sourceNode] = row;
    int remote = 0;
    for (int k = 0; k < topK; k++) {
      int slot = slots[k];
      slotLoad[slot]++;
      int gpu = gpuOfSlot[slot];
      gpus += gpuStamp[gpu] == row ? 0 : 1;
      gpuStamp[gpu] = row;
      int node = nodeOfSlot[slot];
      if (nodeStamp[node] != row) {
        nodeStamp[node] = row;
        send(sourceNode, node);
        remote++;
      }
    }
    return remote;
  }

  private void send(int from, int to) {
    int link = from * received.length + to;
    received[to]++;
    sent[link]++;
    if (priced) {
      receiveTime[to] += price[link];
    }
  }

  /** From counts, so that the order of the tokens cannot change the last digit. */
  private double trafficCost() {
    if (!priced) {
      return Double.NaN;
    }
    double sum = 0;
    for (int i = 0; i < sent.length; i++) {
      sum += sent[i] * price[i];
    }
    return sum;
  }

  /**
   * Tokens sent between nodes so far, counted once per token and node.
   *
   * @return shape [nodes x nodes], source node first; 0 from a node to itself
   */
  public long[] sentTokens() {
    return sent.clone();
  }

  /** The sums over the rows added so far. */
  public PlacementTally tally() {
    return new PlacementTally(
        row,
        remoteNodes,
        gpus,
        microBatches.complete(),
        microBatches.gpuLoadImbalance(),
        microBatches.nodeReceiveImbalance(),
        decodeSteps.complete(),
        decodeSteps.activatedExperts(),
        prefillRows,
        remotePrefill,
        decodeRows,
        remoteDecode,
        microBatches.layerMicros(),
        trafficCost());
  }
}
