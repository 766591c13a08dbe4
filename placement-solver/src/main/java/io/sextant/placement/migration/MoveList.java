package io.sextant.placement.migration;

import io.sextant.placement.problem.SlotLayout;
import java.io.Serializable;
import java.util.List;

/**
 * How one layer gets from its current map to another without an expert being out of service.
 *
 * <p>After each step every expert has a slot that holds it. No step puts two copies of an expert on
 * a GPU unless the current map or the target has them there.
 *
 * @param layout the physical slots
 * @param steps in order; empty if nothing changes
 */
public record MoveList(SlotLayout layout, List<MoveStep> steps) implements Serializable {

  public MoveList {
    steps = List.copyOf(steps);
  }

  /**
   * @param current shape [slots]: the logical expert in each slot; every expert has one
   * @param target shape [slots]: what it shall be, of the same experts; {@link
   *     Relabelling#withinNodes} first, or weights move that need not
   * @param mostExtraCopies weights that may be copied besides the moved slots, to break long rings
   *     of single copies: an expert is parked in the slot of a redundant copy that is put back
   *     later, two copies a ring; or, if no copy is to spare, the ring is switched in pieces of at
   *     most eight slots, one copy more a piece
   * @throws IllegalArgumentException if the target holds an expert that the current map has not, or
   *     lacks one that it has
   */
  public static MoveList of(SlotLayout layout, int[] current, int[] target, int mostExtraCopies) {
    return new MoveList(layout, new MoveOrder(layout, current, target, mostExtraCopies).steps());
  }

  /** Weights that travel between GPUs: writes whose source is on another GPU. */
  public int copiedSlots() {
    int copied = 0;
    for (MoveStep step : steps) {
      for (SlotWrite write : step.writes()) {
        copied += layout.gpuOfSlot(write.slot()) != layout.gpuOfSlot(write.fromSlot()) ? 1 : 0;
      }
    }
    return copied;
  }

  /** The map after all steps. */
  public int[] apply(int[] current) {
    int[] slots = current.clone();
    for (MoveStep step : steps) {
      for (SlotWrite write : step.writes()) {
        slots[write.slot()] = write.expert();
      }
    }
    return slots;
  }

  /** Experts a GPU has to hold beside its slots in the step where that is most. */
  public int mostStagedSlotsOnGpu() {
    int most = 0;
    for (MoveStep step : steps) {
      int[] staged = new int[layout.gpus()];
      for (SlotWrite write : step.writes()) {
        if (step.stagedSlots() > 0) {
          most = Math.max(most, ++staged[layout.gpuOfSlot(write.slot())]);
        }
      }
    }
    return most;
  }
}
