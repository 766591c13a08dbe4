package io.sextant.gpu.layer;

/** How a layer's hidden states travel. */
public enum LayerTransport {
  /**
   * A token crosses to a node once, and within a node to a GPU once. Results are added up on each
   * GPU, then in each node, before they return.
   */
  NODE_DEDUPLICATED,
  /** A token is sent once per choice of an expert, and each expert's result returns. */
  PER_EXPERT
}
