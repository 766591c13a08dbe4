package io.sextant.schema.spec;

import java.util.Arrays;

/** How hidden states travel between GPUs ({@code docs/serving.md}, "Transports"). */
public enum Transport {
  /**
   * One send for each distinct remote node, forwarded within the node to each distinct GPU (DeepEP
   * normal and high throughput).
   */
  NODE_DEDUPLICATED("node-deduplicated"),
  /** One send for each choice on another node, without deduplication (DeepEP low latency, pplx). */
  PER_EXPERT("per-expert"),
  /** One send for each distinct GPU (one-sided NVLink all-to-all, as in TensorRT-LLM on NVL72). */
  GPU_DEDUPLICATED("gpu-deduplicated"),
  /** Every rank gets every token, so that traffic is the same for every map. */
  ALL_GATHER("all-gather");

  private final String id;

  Transport(String id) {
    this.id = id;
  }

  /**
   * The transport with an id.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Transport named(String id) {
    return Arrays.stream(values())
        .filter(transport -> transport.id.equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no transport is called " + id));
  }

  /** The name in profiles, tables and files. */
  public String id() {
    return id;
  }
}
