package io.sextant.placement.evaluate;

/**
 * The figures that a placement is judged by, exact on the rows it was evaluated on.
 *
 * @param main all rows that the GPUs compute, in micro-batches: the figures of the same name here
 * @param prefill prefill rows alone, in micro-batches
 * @param decode decode rows alone, in decode steps; rows of unknown phase are in neither
 */
public record PlacementMetrics(StreamMetrics main, StreamMetrics prefill, StreamMetrics decode) {

  /** Distinct nodes other than its own that a token must be sent to. */
  public double remoteNodesPerToken() {
    return main.remoteNodesPerToken();
  }

  /** Choices of a token on other nodes. */
  public double remoteSendsPerToken() {
    return main.remoteSendsPerToken();
  }

  /** Distinct GPUs a token is sent to. */
  public double gpusPerToken() {
    return main.gpusPerToken();
  }

  /** Tokens x experts on the busiest GPU over the mean, averaged over micro-batches. */
  public double maxOverMeanGpuLoad() {
    return main.maxOverMeanGpuLoad();
  }

  /** Tokens received by the busiest node over the mean, averaged over micro-batches. */
  public double maxOverMeanNodeReceive() {
    return main.maxOverMeanNodeReceive();
  }

  /** Experts that the GPU with most of them reads in a decode step. */
  public double activatedExpertsPerGpu() {
    return decode.activatedExpertsPerGpu();
  }

  /** {@link #remoteNodesPerToken} over prefill rows alone. */
  public double remoteNodesPerPrefillToken() {
    return prefill.remoteNodesPerToken();
  }

  /** {@link #remoteNodesPerToken} over decode rows alone. */
  public double remoteNodesPerDecodeToken() {
    return decode.remoteNodesPerToken();
  }

  /** Predicted time of one layer for one micro-batch, microseconds. */
  public double layerMicros() {
    return main.layerMicros();
  }

  /** Price of the links between nodes that a token is sent over; NaN if links have no prices. */
  public double trafficCostPerToken() {
    return main.trafficCostPerToken();
  }

  /** Token-layers counted. */
  public long tokens() {
    return main.tokens();
  }

  /** Complete micro-batches. */
  public long microBatches() {
    return main.batches();
  }
}
