package io.sextant.schema.trace.tensorrt;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.SlotMap;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceHints.ExpertIds;
import io.sextant.schema.trace.TraceSink;

/**
 * Decides whether the ids of one file are experts or slots. TensorRT-LLM records the ids that the
 * router passes to the kernels: experts, or slots if {@code moe_config.load_balancer} is set. The
 * file does not tell which, unless there are more slots than experts.
 *
 * <p>A map that the user gave is used if it fits. The map that the warehouse published is used only
 * for files whose ids must be slots, because the engine need not have recorded with it.
 */
final class SlotIds {
  private final TraceHints hints;
  private final ModelSpec model;
  private boolean translated;
  private boolean published;
  private int otherSlots;
  private boolean unknown;

  SlotIds(TraceHints hints, ModelSpec model) {
    this.hints = hints;
    this.model = model;
  }

  /**
   * The meaning of a tensor's ids.
   *
   * @param key the tensor's name, for messages
   * @param ids number of different ids
   * @param atLeast whether {@code ids} is only a lower bound, from the highest id seen
   * @return the expert of each slot; null if the ids are experts
   * @throws CorruptTraceException if the ids are slots and no map fits
   */
  int[] experts(StatisticsKey key, long ids, boolean atLeast) throws CorruptTraceException {
    if (ids < model.experts() && !atLeast) {
      throw new CorruptTraceException(
          "tensor %s has %d counts, but model %s has %d experts"
              .formatted(key, ids, model.name(), model.experts()));
    }
    boolean more = ids > model.experts();
    if (hints.expertIds() == ExpertIds.LOGICAL) {
      if (more) {
        throw new CorruptTraceException(
            "%s, so that they cannot be experts, as --expert-ids LOGICAL says; give the load balancer's map with --current-map MAP"
                .formatted(tooMany(key, ids, atLeast)));
      }
      return null;
    }
    boolean mustBeSlots = more || hints.expertIds() == ExpertIds.PHYSICAL;
    if (hints.slots() != null) {
      return given(key, ids, atLeast, mustBeSlots);
    }
    if (!mustBeSlots) {
      unknown = true;
      return null;
    }
    int[] row = hints.inForce() == null ? null : hints.inForce().slots().ofLayer(key.layer());
    if (row != null && fits(row, ids, atLeast)) {
      published = true;
      return row;
    }
    throw new CorruptTraceException(
        "%s: %s; give the map that the load balancer had in force with --current-map MAP"
            .formatted(
                tooMany(key, ids, atLeast),
                more
                    ? "with a load balancer TensorRT-LLM counts slots"
                    : "--expert-ids PHYSICAL says that they are slots"));
  }

  private int[] given(StatisticsKey key, long ids, boolean atLeast, boolean mustBeSlots)
      throws CorruptTraceException {
    SlotMap slots = hints.slots();
    int[] row = slots.ofLayer(key.layer());
    if (row == null) {
      throw new CorruptTraceException(
          "tensor %s is of layer %d, which the map of --current-map does not have"
              .formatted(key, key.layer()));
    }
    boolean surplus = atLeast && !mustBeSlots && row.length > model.experts();
    if (fits(row, ids, atLeast) && !surplus) {
      translated = true;
      return row;
    }
    if (mustBeSlots) {
      throw new CorruptTraceException(
          "%s, but the map of --current-map has %d slots in that layer; give the one that was in force"
              .formatted(tooMany(key, ids, atLeast), row.length));
    }
    otherSlots = row.length;
    return null;
  }

  private static boolean fits(int[] row, long ids, boolean atLeast) {
    return atLeast ? row.length >= ids : row.length == ids;
  }

  private String tooMany(StatisticsKey key, long ids, boolean atLeast) {
    return "tensor %s has %s, but model %s has %d experts"
        .formatted(
            key, atLeast ? "id " + (ids - 1) : ids + " counts", model.name(), model.experts());
  }

  /** Reports the assumption made. */
  void remark(TraceSink sink) {
    if (translated) {
      sink.warn("its ids were taken for slots and translated with the map of --current-map");
    }
    if (published) {
      sink.warn(
          "its ids are slots and were translated with version %s, the map in force of the warehouse; if the engine recorded with another, ingest it into a new warehouse with --current-map MAP"
              .formatted(hints.inForce().version()));
    }
    if (otherSlots > 0) {
      sink.warn(
          "the map of --current-map has %d slots, but the file names %d: they were taken for experts"
              .formatted(otherSlots, model.experts()));
    }
    if (unknown) {
      sink.warn(
          "WARNING: its ids were taken for experts. If moe_config.load_balancer was set, they are slots and every figure from them is wrong; the file does not tell. If it was set, ingest into a new warehouse with --current-map MAP; if not, confirm it with --expert-ids LOGICAL");
    }
  }
}
