package io.sextant.placement.capacity;

import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.Packaging;

/**
 * How a model is served on GPUs of one kind.
 *
 * @param model the model, whose attention is described
 * @param packaging the packaging of its weights
 * @param usableBytes memory of a GPU for weights and KV cache
 * @param group number of GPUs that share attention, dense and shared weights (tensor parallelism)
 * @param cacheElementBytes bytes of a cached element
 * @param multiToken whether the layers of multi-token prediction are served
 */
public record Deployment(
    ModelSpec model,
    Packaging packaging,
    long usableBytes,
    int group,
    int cacheElementBytes,
    boolean multiToken) {

  /** The same deployment with groups of another size. */
  public Deployment withGroup(int gpus) {
    return new Deployment(model, packaging, usableBytes, gpus, cacheElementBytes, multiToken);
  }

  KeyValueCache cache() {
    return new KeyValueCache(model, cacheElementBytes, group, multiToken);
  }
}
