package io.sextant.jobs.serving;

import io.sextant.placement.capacity.Capacity;
import io.sextant.placement.capacity.GpuLoad;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.Packaging;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Chooses and checks numbers of slots by the memory of the GPUs.
 *
 * @param terms how the memory is used
 */
public record FittingSlots(MemoryTerms terms) {
  private static final double GIGABYTE = 1e9;

  /**
   * The largest number of slots that fits beside the promised sequences.
   *
   * @throws InvalidInputException if not even every expert once fits; the message says the bytes
   *     and the smallest cluster that suffices
   */
  public int largest(ModelSpec model, GpuGroup cluster, Packaging packaging) {
    Capacity capacity = terms.capacity(model, cluster, packaging);
    return capacity
        .largest(cluster.gpus())
        .orElseThrow(
            () ->
                refusal(
                    capacity,
                    capacity.load(cluster.gpus(), capacity.leastSlots(cluster.gpus())),
                    cluster))
        .slots();
  }

  /**
   * A sentence that says what a GPU of the target holds, or why it is not known.
   *
   * @throws InvalidInputException if the target's slots do not fit
   */
  public String check(PlanTarget target) {
    GpuGroup cluster = GpuGroup.of(target.cluster());
    Optional<String> unknown = terms.unknown(target.model(), cluster);
    if (unknown.isPresent()) {
      return "memory is not checked: " + unknown.get();
    }
    Capacity capacity = terms.capacity(target.model(), cluster, target.packaging());
    GpuLoad load = capacity.load(cluster.gpus(), target.layout().slots());
    if (!load.fits()) {
      throw refusal(capacity, load, cluster);
    }
    return String.format(
        Locale.ROOT,
        "a GPU holds %.1f GB of weights in %.1f GB; %,d tokens of KV cache are left over all GPUs",
        load.weights() / GIGABYTE,
        load.usableBytes() / GIGABYTE,
        load.cacheTokens());
  }

  /** Why the memory of the target's GPUs is not known; empty if it is. */
  public Optional<String> unknown(PlanTarget target) {
    return terms.unknown(target.model(), GpuGroup.of(target.cluster()));
  }

  /** Whether the target's slots fit, or the memory is not known. */
  public boolean fits(PlanTarget target) {
    return load(target).map(GpuLoad::fits).orElse(true);
  }

  /** Tokens of KV cache that the target's slots leave over all GPUs; empty if not known. */
  public OptionalLong cacheTokens(PlanTarget target) {
    return load(target)
        .map(load -> OptionalLong.of(load.cacheTokens()))
        .orElse(OptionalLong.empty());
  }

  private Optional<GpuLoad> load(PlanTarget target) {
    GpuGroup cluster = GpuGroup.of(target.cluster());
    return unknown(target).isPresent()
        ? Optional.empty()
        : Optional.of(
            terms
                .capacity(target.model(), cluster, target.packaging())
                .load(cluster.gpus(), target.layout().slots()));
  }

  private static InvalidInputException refusal(Capacity capacity, GpuLoad load, GpuGroup cluster) {
    return InvalidInputException.of(
        "%d slots of %s in %s on %s"
            .formatted(
                load.slots(),
                capacity.deployment().model().name(),
                capacity.deployment().packaging().name(),
                cluster.name()),
        String.format(
            Locale.ROOT,
            "a GPU would hold %.1f GB of weights and %.1f GB of KV cache for %d sequences of %d"
                + " tokens, and has %.1f GB for both",
            load.weights() / GIGABYTE,
            load.promised() / GIGABYTE,
            load.promise().sequences(),
            load.promise().context(),
            load.usableBytes() / GIGABYTE),
        remedy(capacity, cluster));
  }

  private static String remedy(Capacity capacity, GpuGroup cluster) {
    Optional<GpuLoad> largest = capacity.largest(cluster.gpus());
    if (largest.isPresent()) {
      return "Give at most %d slots".formatted(largest.get().slots());
    }
    return capacity
        .smallest(cluster.gpusPerNode())
        .map(
            smallest ->
                "The smallest cluster of this kind that fits has %d GPUs"
                    .formatted(smallest.gpus()))
        .orElse("No number of these GPUs suffices; take another packaging (--precision)");
  }
}
