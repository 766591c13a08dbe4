package io.sextant.placement.evaluate;

/**
 * The figures that a placement is judged by, exact on the tokens it was evaluated on. A figure is
 * NaN if there is nothing to average (no complete micro-batch, no decode rows).
 *
 * @param remoteNodesPerToken distinct nodes other than its own that a token must be sent to, in a
 *     layer: the inter-node all-to-all volume in units of one hidden state, there and back
 * @param gpusPerToken distinct GPUs a token is sent to
 * @param maxOverMeanGpuLoad tokens x experts on the busiest GPU over the mean, averaged over
 *     micro-batches
 * @param maxOverMeanNodeReceive tokens received from other nodes by the busiest node over the mean,
 *     averaged over micro-batches
 * @param activatedExpertsPerGpu experts with at least one token on the GPU that has most of them,
 *     averaged over decode steps
 * @param remoteNodesPerPrefillToken the first figure over prefill rows alone
 * @param remoteNodesPerDecodeToken the first figure over decode rows alone
 * @param layerMicros predicted time of one layer for one micro-batch, microseconds
 * @param trafficCostPerToken price of the links between nodes a token is sent over, in a layer; NaN
 *     also if the cluster's links have no prices
 * @param tokens token-layers
 * @param microBatches complete micro-batches
 */
public record PlacementMetrics(
    double remoteNodesPerToken,
    double gpusPerToken,
    double maxOverMeanGpuLoad,
    double maxOverMeanNodeReceive,
    double activatedExpertsPerGpu,
    double remoteNodesPerPrefillToken,
    double remoteNodesPerDecodeToken,
    double layerMicros,
    double trafficCostPerToken,
    long tokens,
    long microBatches) {}
