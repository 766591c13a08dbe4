package io.sextant.jobs.serving;

import io.sextant.placement.capacity.Capacity;
import io.sextant.placement.capacity.Deployment;
import io.sextant.placement.capacity.Promise;
import io.sextant.placement.capacity.WeightCounts;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.GpuMemories;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.Packaging;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How GPU memory is used.
 *
 * @param promise the sequences that must have room
 * @param share share of a GPU's memory for weights and KV cache
 * @param gpuBytes memory of a GPU; empty to look it up in {@code conf/gpus}
 * @param group number of GPUs of a tensor-parallel group; 0 for the usual one
 * @param cacheElementBytes bytes of a cached element
 * @param multiToken whether the layers of multi-token prediction are served
 */
public record MemoryTerms(
    Promise promise,
    double share,
    OptionalDouble gpuBytes,
    int group,
    int cacheElementBytes,
    boolean multiToken) {
  private static final int MOST_USUAL_GROUP = 8;

  /** Why it cannot be computed what fits; empty if it can. */
  public Optional<String> unknown(ModelSpec model, GpuGroup cluster) {
    if (!WeightCounts.areKnown(model)) {
      return Optional.of(
          "the description of %s does not say the attention of every layer"
              .formatted(model.name()));
    }
    return bytes(cluster).isPresent()
        ? Optional.empty()
        : Optional.of(
            "conf/gpus has no %s, and --gpu-memory is not given".formatted(cluster.kind()));
  }

  /**
   * What fits on a cluster's GPUs.
   *
   * @throws InvalidInputException if {@link #unknown} has a reason, or the groups do not divide the
   *     GPUs
   */
  public Capacity capacity(ModelSpec model, GpuGroup cluster, Packaging packaging) {
    unknown(model, cluster)
        .ifPresent(
            reason -> {
              throw InvalidInputException.of(
                  "memory of %s on %s".formatted(model.name(), cluster.name()),
                  reason,
                  "Add it (docs/capacity.md)");
            });
    int size = group == 0 ? usualGroup(cluster) : group;
    if (cluster.gpus() % size != 0) {
      throw InvalidInputException.of(
          "--tensor-parallel " + size,
          "it does not divide %d GPUs".formatted(cluster.gpus()),
          "Give a divisor");
    }
    return new Capacity(
        new Deployment(
            model,
            packaging,
            (long) (bytes(cluster).getAsDouble() * share),
            size,
            cacheElementBytes,
            multiToken),
        promise);
  }

  private OptionalDouble bytes(GpuGroup cluster) {
    return gpuBytes.isPresent() ? gpuBytes : GpuMemories.bytes(cluster.kind());
  }

  /** The GPUs of a node, halved as long as they are more than eight. */
  private static int usualGroup(GpuGroup cluster) {
    int size = cluster.gpusOfNode();
    while (size > MOST_USUAL_GROUP && size % 2 == 0) {
      size /= 2;
    }
    return size > MOST_USUAL_GROUP ? 1 : size;
  }
}
