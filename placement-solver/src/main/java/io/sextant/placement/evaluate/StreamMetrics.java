package io.sextant.placement.evaluate;

/**
 * The figures of a placement on one stream of rows, exact on the rows it was evaluated on. A figure
 * is NaN if there is nothing to average.
 *
 * @param remoteNodesPerToken distinct nodes other than its own that a token must be sent to, in a
 *     layer: the inter-node volume of a node-deduplicated transport in units of one hidden state,
 *     there and back
 * @param remoteSendsPerToken choices of a token on other nodes: the inter-node volume of a
 *     transport that sends one copy per expert
 * @param gpusPerToken distinct GPUs a token is sent to
 * @param maxOverMeanGpuLoad tokens x experts on the busiest GPU over the mean, averaged over
 *     batches
 * @param leastMaxOverMeanGpuLoad the least that any choice of copies could make of the last figure;
 *     NaN also if it was not asked for
 * @param maxOverMeanNodeReceive tokens received from other nodes by the busiest node over the mean,
 *     averaged over batches; 1 if nothing is received
 * @param maxOverMeanNicReceive sends received by the busiest GPU's network port over the mean,
 *     averaged over batches, or by its NVLink port if the transport has no other; 1 if nothing is
 *     received
 * @param activatedExpertsPerGpu experts with at least one token on the GPU that has most of them,
 *     averaged over batches
 * @param layerMicros predicted time of one layer for one batch, microseconds
 * @param trafficCostPerToken price of the links between nodes that a token is sent over, in a
 *     layer; NaN also if the cluster's links have no prices
 * @param tokens token-layers counted
 * @param tokensLeftOut token-layers of incomplete last batches
 * @param batches complete batches
 */
public record StreamMetrics(
    double remoteNodesPerToken,
    double remoteSendsPerToken,
    double gpusPerToken,
    double maxOverMeanGpuLoad,
    double leastMaxOverMeanGpuLoad,
    double maxOverMeanNodeReceive,
    double maxOverMeanNicReceive,
    double activatedExpertsPerGpu,
    double layerMicros,
    double trafficCostPerToken,
    long tokens,
    long tokensLeftOut,
    long batches) {}
