package io.sextant.placement.migration;

import java.io.Serializable;
import java.util.List;

/**
 * Writes that take effect together, after those of the steps before.
 *
 * <p>A step of one write replaces a copy of an expert that has another: tokens are routed to the
 * other copy, the slot is written in place, then routed to. A step of several is a ring in which
 * each write waits for another: all its weights are received beside the slots, read from what the
 * slots held before the step, then all are switched at once.
 *
 * @param writes at least one, at most one a slot
 */
public record MoveStep(List<SlotWrite> writes) implements Serializable {

  public MoveStep {
    writes = List.copyOf(writes);
  }

  /** Experts that have to be held beside the slots, on all GPUs together, until the switch. */
  public int stagedSlots() {
    return writes.size() > 1 ? writes.size() : 0;
  }
}
