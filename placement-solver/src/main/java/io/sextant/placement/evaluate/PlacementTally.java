package io.sextant.placement.evaluate;

import java.io.Serializable;

/**
 * Sums from which {@link PlacementMetrics} follow; tallies of different layers and files add up.
 *
 * @param tokens token-layers seen
 * @param remoteNodes sum over token-layers of the nodes, other than its own, a token is sent to
 * @param gpus sum over token-layers of the GPUs a token is sent to
 * @param microBatches complete micro-batches
 * @param gpuLoadImbalance sum over micro-batches of max/mean GPU load
 * @param nodeReceiveImbalance sum over micro-batches of max/mean tokens received by a node
 * @param decodeSteps complete decode steps
 * @param activatedExperts sum over decode steps of the experts the busiest GPU has to read
 * @param remotePrefill the prefill part of {@code remoteNodes}
 * @param prefillTokens the prefill part of {@code tokens}
 * @param decodeTokens the decode part of {@code tokens}; rows of unknown phase are in neither
 * @param remoteDecode the decode part of {@code remoteNodes}
 * @param layerMicros sum over micro-batches of the predicted layer time, microseconds
 * @param trafficCost sum over token-layers of the price of the links a token is sent over; NaN if
 *     links have no prices
 */
public record PlacementTally(
    long tokens,
    long remoteNodes,
    long gpus,
    long microBatches,
    double gpuLoadImbalance,
    double nodeReceiveImbalance,
    long decodeSteps,
    long activatedExperts,
    long prefillTokens,
    long remotePrefill,
    long decodeTokens,
    long remoteDecode,
    double layerMicros,
    double trafficCost)
    implements Serializable {

  /** Nothing seen yet. */
  public static final PlacementTally EMPTY =
      new PlacementTally(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** Both together. */
  public PlacementTally plus(PlacementTally other) {
    return new PlacementTally(
        tokens + other.tokens,
        remoteNodes + other.remoteNodes,
        gpus + other.gpus,
        microBatches + other.microBatches,
        gpuLoadImbalance + other.gpuLoadImbalance,
        nodeReceiveImbalance + other.nodeReceiveImbalance,
        decodeSteps + other.decodeSteps,
        activatedExperts + other.activatedExperts,
        prefillTokens + other.prefillTokens,
        remotePrefill + other.remotePrefill,
        decodeTokens + other.decodeTokens,
        remoteDecode + other.remoteDecode,
        layerMicros + other.layerMicros,
        trafficCost + other.trafficCost);
  }

  /** The averages of these sums; NaN if there is nothing to average. */
  public PlacementMetrics metrics() {
    return new PlacementMetrics(
        ratio((double) remoteNodes, tokens),
        ratio((double) gpus, tokens),
        ratio(gpuLoadImbalance, microBatches),
        ratio(nodeReceiveImbalance, microBatches),
        ratio((double) activatedExperts, decodeSteps),
        ratio((double) remotePrefill, prefillTokens),
        ratio((double) remoteDecode, decodeTokens),
        ratio(layerMicros, microBatches),
        ratio(trafficCost, tokens),
        tokens,
        microBatches);
  }

  private static double ratio(double sum, long n) {
    return n == 0 ? Double.NaN : sum / n;
  }
}
