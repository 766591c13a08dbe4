package io.sextant.placement.capacity;

import io.sextant.schema.spec.ModelMemory.Part;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What each GPU holds for a number of slots.
 *
 * @param gpus number of GPUs
 * @param slots physical slots per layer over all GPUs; 0 for a model without experts
 * @param weightBytes bytes on one GPU by part
 * @param usableBytes memory of a GPU for weights and KV cache
 * @param tokenBytes bytes of one more token of a long sequence on each GPU of its group
 * @param sequenceBytes bytes of a promised sequence on each GPU of its group
 * @param groups number of tensor-parallel groups, each with its own sequences
 * @param promise the sequences that must have room
 */
public record GpuLoad(
    int gpus,
    int slots,
    Map<Part, Long> weightBytes,
    long usableBytes,
    long tokenBytes,
    long sequenceBytes,
    int groups,
    Promise promise) {

  public GpuLoad {
    weightBytes = Collections.unmodifiableMap(new EnumMap<>(weightBytes));
  }

  /** Bytes of all weights on one GPU. */
  public long weights() {
    return weightBytes.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Bytes left for KV cache on one GPU; negative if the weights alone are too large. */
  public long free() {
    return usableBytes - weights();
  }

  /** Bytes of the promised sequences on one GPU. */
  public long promised() {
    return (promise.sequences() + groups - 1) / groups * sequenceBytes;
  }

  /** Whether weights and promised sequences fit. */
  public boolean fits() {
    return free() >= promised();
  }

  /** Sequences of the promised length that fit at once, over all GPUs. */
  public long sequences() {
    return Math.max(0, free()) / sequenceBytes * groups;
  }

  /** Tokens of KV cache over all GPUs, in sequences of the promised length. */
  public long cacheTokens() {
    return (long) ((double) Math.max(0, free()) / sequenceBytes * promise.context() * groups);
  }
}
