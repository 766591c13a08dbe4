package io.sextant.placement.capacity;

import io.sextant.schema.spec.ModelMemory.Part;
import io.sextant.schema.spec.ModelSpec;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which numbers of slots fit on a cluster beside the KV cache that is promised. Experts are spread
 * over all GPUs; attention, dense and shared weights, embeddings and the rest are divided over the
 * GPUs of a tensor-parallel group; the router is on every GPU.
 *
 * @param deployment the model and how it is served
 * @param promise the sequences that must have room
 */
public record Capacity(Deployment deployment, Promise promise) {
  private static final int MOST_GPUS = 10_000;

  /**
   * What each GPU holds.
   *
   * @param gpus number of GPUs, a multiple of the group
   * @param slots physical slots per layer, a multiple of the GPUs
   */
  public GpuLoad load(int gpus, int slots) {
    ModelSpec model = deployment.model();
    WeightCounts counts = WeightCounts.of(model);
    Map<Part, Long> bytes = new EnumMap<>(Part.class);
    for (Part part : Part.values()) {
      boolean loaded = deployment.multiToken() || (part != Part.MTP && part != Part.MTP_ROUTED);
      if (loaded) {
        bytes.put(part, share(counts, part, gpus, slots));
      }
    }
    return new GpuLoad(
        gpus,
        slots,
        bytes,
        deployment.usableBytes(),
        deployment.cache().tokenBytes(),
        deployment.cache().sequenceBytes(promise.context()),
        gpus / deployment.group(),
        promise);
  }

  private long share(WeightCounts counts, Part part, int gpus, int slots) {
    ModelSpec model = deployment.model();
    long bytes = counts.bytes(part, deployment.packaging());
    int slotsPerGpu = slots / gpus;
    return switch (part) {
      case ROUTED, MTP_ROUTED ->
          model.experts() == 0
              ? 0
              : (long) Math.ceil((double) bytes / model.experts() * slotsPerGpu);
      case ROUTER -> bytes;
      default -> (bytes + deployment.group() - 1) / deployment.group();
    };
  }

  /** The smallest number of slots: every expert once, spread evenly. */
  public int leastSlots(int gpus) {
    return (deployment.model().experts() + gpus - 1) / gpus * gpus;
  }

  /**
   * The loads for every number of slots from {@link #leastSlots} that fits, and for the first that
   * does not; one load if the model has no experts.
   */
  public List<GpuLoad> loads(int gpus) {
    List<GpuLoad> loads = new ArrayList<>();
    int slots = leastSlots(gpus);
    int most = gpus * deployment.model().experts();
    do {
      loads.add(load(gpus, slots));
      slots += gpus;
    } while (loads.get(loads.size() - 1).fits() && slots <= most);
    return loads;
  }

  /** The largest number of slots that fits; empty if not even every expert once does. */
  public Optional<GpuLoad> largest(int gpus) {
    return loads(gpus).stream().filter(GpuLoad::fits).reduce((a, b) -> b);
  }

  /**
   * The smallest cluster on which every expert once fits beside the promised sequences: some GPUs
   * of one node, or whole nodes. Groups have as many GPUs as the deployment's, or all GPUs if there
   * are fewer or the model has no experts.
   *
   * @param gpusPerNode number of GPUs of a node
   * @return empty if no number of GPUs helps, because one expert per layer and GPU is too large
   */
  public Optional<GpuLoad> smallest(int gpusPerNode) {
    int experts = deployment.model().experts();
    int enough = Math.max(experts, deployment.group()) + gpusPerNode;
    int gpus = 1;
    while (true) {
      int group = experts == 0 ? gpus : Math.min(deployment.group(), gpus);
      if (gpus % group == 0) {
        Capacity other = new Capacity(deployment.withGroup(group), promise);
        GpuLoad load = other.load(gpus, other.leastSlots(gpus));
        if (load.fits()) {
          return Optional.of(load);
        }
        // More GPUs only share out the sequences from here on.
        if (gpus > enough && (experts > 0 || gpus > MOST_GPUS) && !hasRoomForOne(load)) {
          return Optional.empty();
        }
      }
      gpus = next(gpus, gpusPerNode);
    }
  }

  private static boolean hasRoomForOne(GpuLoad load) {
    return load.free() >= load.sequenceBytes();
  }

  private static int next(int gpus, int gpusPerNode) {
    if (gpus >= gpusPerNode) {
      return gpus + gpusPerNode;
    }
    return gpusPerNode % (2 * gpus) == 0 ? 2 * gpus : gpusPerNode;
  }
}
