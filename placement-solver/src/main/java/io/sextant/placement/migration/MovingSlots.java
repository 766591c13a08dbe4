package io.sextant.placement.migration;

import io.sextant.placement.problem.SlotLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A layer on its way from one map to another: what its slots hold, and the steps made so far. */
final class MovingSlots {
  static final int NONE = -1;

  private final SlotLayout layout;
  private final int[] target;
  private final int[] slots;
  private final int[] copies;
  private final List<MoveStep> steps = new ArrayList<>();

  MovingSlots(SlotLayout layout, int[] current, int[] target) {
    if (current.length != layout.slots() || target.length != layout.slots()) {
      throw new IllegalArgumentException(
          "The maps have %d and %d slots but the cluster %d"
              .formatted(current.length, target.length, layout.slots()));
    }
    this.layout = layout;
    this.target = target;
    this.slots = current.clone();
    int experts = 1 + Math.max(max(current), max(target));
    this.copies = new int[experts];
    int[] wanted = new int[experts];
    for (int p = 0; p < slots.length; p++) {
      copies[slots[p]]++;
      wanted[target[p]]++;
    }
    for (int e = 0; e < experts; e++) {
      if (copies[e] == 0 != (wanted[e] == 0)) {
        throw new IllegalArgumentException("Expert %d is in only one of the two maps".formatted(e));
      }
    }
  }

  private static int max(int[] values) {
    return Arrays.stream(values).max().getAsInt();
  }

  SlotLayout layout() {
    return layout;
  }

  List<MoveStep> steps() {
    return steps;
  }

  int size() {
    return slots.length;
  }

  /** One more than the largest expert id. */
  int experts() {
    return copies.length;
  }

  /** The expert a slot holds now. */
  int held(int slot) {
    return slots[slot];
  }

  /** The expert a slot shall hold in the end. */
  int wanted(int slot) {
    return target[slot];
  }

  /** Slots that hold an expert now. */
  int copies(int expert) {
    return copies[expert];
  }

  int[] copyOfSlots() {
    return slots.clone();
  }

  /** Whether a slot has yet to be written. */
  boolean pending(int slot) {
    return slots[slot] != target[slot];
  }

  /** Another slot of the same GPU that holds the expert and is to lose it. */
  int slotOnGpu(int slot, int expert) {
    int first = layout.gpuOfSlot(slot) * layout.slotsPerGpu();
    for (int p = first; p < first + layout.slotsPerGpu(); p++) {
      // One that keeps it is a second copy that the target itself asks for.
      if (p != slot && slots[p] == expert && pending(p)) {
        return p;
      }
    }
    return NONE;
  }

  boolean holds(int gpu, int expert) {
    int first = gpu * layout.slotsPerGpu();
    for (int p = first; p < first + layout.slotsPerGpu(); p++) {
      if (slots[p] == expert) {
        return true;
      }
    }
    return false;
  }

  boolean sameNode(int slot, int other) {
    return layout.nodeOfSlot(slot) == layout.nodeOfSlot(other);
  }

  /** A step of one write. */
  void write(int slot, int expert) {
    steps.add(new MoveStep(List.of(new SlotWrite(slot, expert, source(slot, expert)))));
    put(slot, expert);
  }

  private void put(int slot, int expert) {
    copies[slots[slot]]--;
    slots[slot] = expert;
    copies[expert]++;
  }

  /** A step of several writes: what each of the slots holds in a map. */
  void switchTogether(int[] written, int[] after) {
    List<SlotWrite> writes = new ArrayList<>();
    for (int p : written) {
      writes.add(new SlotWrite(p, after[p], source(p, after[p])));
    }
    for (SlotWrite write : writes) {
      put(write.slot(), write.expert());
    }
    steps.add(new MoveStep(writes));
  }

  /** Where the weights are: on the same GPU, else in the same node, else anywhere. */
  private int source(int slot, int expert) {
    int best = NONE;
    int bestDistance = Integer.MAX_VALUE;
    for (int p = 0; p < slots.length; p++) {
      if (slots[p] == expert) {
        int distance =
            layout.gpuOfSlot(p) == layout.gpuOfSlot(slot) ? 0 : sameNode(p, slot) ? 1 : 2;
        if (distance < bestDistance) {
          bestDistance = distance;
          best = p;
        }
      }
    }
    return best;
  }
}
