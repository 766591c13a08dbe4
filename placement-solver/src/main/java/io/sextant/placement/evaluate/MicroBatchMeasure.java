package io.sextant.placement.evaluate;

/** The measures kept of every micro-batch of a layer; {@link PlacementMetrics} has the averages. */
public enum MicroBatchMeasure {
  /** Distinct nodes other than its own that a token is sent to. */
  REMOTE_NODES_PER_TOKEN,
  /** Distinct GPUs a token is sent to. */
  GPUS_PER_TOKEN,
  /** Tokens x experts on the busiest GPU over the mean. */
  MAX_OVER_MEAN_GPU_LOAD,
  /** Tokens received from other nodes by the busiest node over the mean. */
  MAX_OVER_MEAN_NODE_RECEIVE,
  /** Predicted time of the layer, microseconds. */
  LAYER_MICROS
}
