package io.sextant.placement.evaluate;

import java.io.Serializable;

/**
 * Sums over the complete batches of a stream of rows, from which {@link StreamMetrics} follow;
 * tallies of different layers and files add up. If a stream has no complete batch, its rows count
 * for the traffic alone.
 *
 * @param tokens rows counted
 * @param leftOut rows of incomplete last batches, which count for nothing
 * @param remoteNodes sum over rows of the nodes, other than its own, that a row is sent to
 * @param remoteSends sum over rows of its choices on other nodes
 * @param gpus sum over rows of the GPUs that a row is sent to
 * @param batches complete batches
 * @param gpuLoadImbalance sum over batches of max/mean GPU load
 * @param leastGpuLoadImbalance sum over batches of the least max/mean GPU load that any choice of
 *     copies could reach; NaN if it was not asked for
 * @param nodeReceiveImbalance sum over batches of max/mean rows received by a node
 * @param nicReceiveImbalance sum over batches of max/mean sends received by a GPU's port
 * @param activatedExperts sum over batches of the experts that the GPU with most of them reads
 * @param layerMicros sum over batches of the predicted layer time, microseconds
 * @param trafficCost sum over rows of the price of the links between nodes that a row is sent over;
 *     NaN if links have no prices
 */
public record StreamTally(
    long tokens,
    long leftOut,
    long remoteNodes,
    long remoteSends,
    long gpus,
    long batches,
    double gpuLoadImbalance,
    double leastGpuLoadImbalance,
    double nodeReceiveImbalance,
    double nicReceiveImbalance,
    long activatedExperts,
    double layerMicros,
    double trafficCost)
    implements Serializable {

  /** Nothing seen yet. */
  public static final StreamTally EMPTY = new StreamTally(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** Rows that count for nothing. */
  static StreamTally leftOut(long rows) {
    return new StreamTally(0, rows, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /** Rows that count for the traffic alone. */
  static StreamTally traffic(long tokens, long remoteNodes, long remoteSends, long gpus) {
    return new StreamTally(tokens, 0, remoteNodes, remoteSends, gpus, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /** The same sums with this cost. */
  StreamTally withTrafficCost(double sum) {
    return new StreamTally(
        tokens,
        leftOut,
        remoteNodes,
        remoteSends,
        gpus,
        batches,
        gpuLoadImbalance,
        leastGpuLoadImbalance,
        nodeReceiveImbalance,
        nicReceiveImbalance,
        activatedExperts,
        layerMicros,
        sum);
  }

  /** Both together. */
  public StreamTally plus(StreamTally other) {
    return new StreamTally(
        tokens + other.tokens,
        leftOut + other.leftOut,
        remoteNodes + other.remoteNodes,
        remoteSends + other.remoteSends,
        gpus + other.gpus,
        batches + other.batches,
        gpuLoadImbalance + other.gpuLoadImbalance,
        leastGpuLoadImbalance + other.leastGpuLoadImbalance,
        nodeReceiveImbalance + other.nodeReceiveImbalance,
        nicReceiveImbalance + other.nicReceiveImbalance,
        activatedExperts + other.activatedExperts,
        layerMicros + other.layerMicros,
        trafficCost + other.trafficCost);
  }

  /** The averages of these sums; NaN if there is nothing to average. */
  public StreamMetrics metrics() {
    return new StreamMetrics(
        ratio((double) remoteNodes, tokens),
        ratio((double) remoteSends, tokens),
        ratio((double) gpus, tokens),
        ratio(gpuLoadImbalance, batches),
        ratio(leastGpuLoadImbalance, batches),
        ratio(nodeReceiveImbalance, batches),
        ratio(nicReceiveImbalance, batches),
        ratio((double) activatedExperts, batches),
        ratio(layerMicros, batches),
        ratio(trafficCost, tokens),
        tokens,
        leftOut,
        batches);
  }

  private static double ratio(double sum, long n) {
    return n == 0 ? Double.NaN : sum / n;
  }
}
