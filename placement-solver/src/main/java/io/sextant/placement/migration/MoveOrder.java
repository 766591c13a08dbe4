package io.sextant.placement.migration;

import io.sextant.placement.SlotLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds the order of a {@link MoveList}.
 *
 * <p>A write is free where its slot holds a redundant copy and its GPU does not hold the new expert
 * yet. Free writes go first, one a step: each frees what waited for it. Where none is left, every
 * write waits for another, so there is a ring; the smallest set of writes that wait for nobody
 * outside is switched together, or broken by parking an expert, or cut into pieces.
 */
final class MoveOrder {
  private static final int NONE = -1;

  /** Parking makes no fewer copies than swapping two slots needs. */
  private static final int SMALLEST_RING_PARKED = 3;

  /**
   * Writes that are switched together where it can be helped: few experts are held twice, and the
   * one copy more that each cut of a ring costs is a seventh.
   */
  static final int MOST_WRITES = 8;

  private final SlotLayout layout;
  private final int[] target;
  private final int[] slots;
  private final int[] copies;
  private final boolean[] parked;
  private final List<MoveStep> steps = new ArrayList<>();
  private int extraCopiesLeft;

  MoveOrder(SlotLayout layout, int[] current, int[] target, int mostExtraCopies) {
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
    this.parked = new boolean[current.length];
    this.extraCopiesLeft = mostExtraCopies;
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

  List<MoveStep> steps() {
    while (true) {
      writeFree();
      boolean[] ring = smallestRing();
      if (ring == null) {
        return steps;
      }
      if (!park(ring) && !cut(ring)) {
        switchTogether(ring);
      }
    }
  }

  private void writeFree() {
    boolean wrote = true;
    while (wrote) {
      wrote = false;
      for (int p = 0; p < slots.length; p++) {
        if (pending(p) && copies[slots[p]] > 1 && slotOnGpu(p, target[p]) == NONE) {
          write(p, target[p]);
          wrote = true;
        }
      }
    }
  }

  private boolean pending(int slot) {
    return slots[slot] != target[slot];
  }

  /** Another slot of the same GPU that holds the expert and is to lose it. */
  private int slotOnGpu(int slot, int expert) {
    int first = layout.gpuOfSlot(slot) * layout.slotsPerGpu();
    for (int p = first; p < first + layout.slotsPerGpu(); p++) {
      // One that keeps it is a second copy that the target itself asks for.
      if (p != slot && slots[p] == expert && pending(p)) {
        return p;
      }
    }
    return NONE;
  }

  /** The fewest writes that wait for none but each other; null where all is done. */
  private boolean[] smallestRing() {
    boolean[] smallest = null;
    int fewest = Integer.MAX_VALUE;
    for (int p = 0; p < slots.length && fewest >= SMALLEST_RING_PARKED; p++) {
      if (pending(p)) {
        boolean[] ring = closure(p);
        int writes = size(ring);
        if (writes < fewest) {
          fewest = writes;
          smallest = ring;
        }
      }
    }
    return smallest;
  }

  private static int size(boolean[] ring) {
    int size = 0;
    for (boolean in : ring) {
      size += in ? 1 : 0;
    }
    return size;
  }

  /** A slot, and all that has to be written with it. */
  private boolean[] closure(int slot) {
    boolean[] in = new boolean[slots.length];
    int[] queue = new int[slots.length];
    int[] lost = new int[copies.length];
    int[] won = new int[copies.length];
    int queued = 0;
    queue[queued++] = slot;
    in[slot] = true;
    lost[slots[slot]]++;
    won[target[slot]]++;
    for (int i = 0; i < queued; i++) {
      int p = queue[i];
      int[] needed = {slotOnGpu(p, target[p]), NONE};
      if (lost[slots[p]] == copies[slots[p]] && won[slots[p]] == 0) {
        needed[1] = heir(slots[p]);
      }
      for (int q : needed) {
        if (q != NONE && !in[q]) {
          in[q] = true;
          queue[queued++] = q;
          lost[slots[q]]++;
          won[target[q]]++;
        }
      }
    }
    return in;
  }

  /** The first slot that is to receive the expert. */
  private int heir(int expert) {
    for (int p = 0; p < slots.length; p++) {
      if (target[p] == expert && pending(p)) {
        return p;
      }
    }
    throw new IllegalStateException("Expert %d is nowhere in the target".formatted(expert));
  }

  /**
   * Breaks a ring: an expert of it goes where a redundant copy of another is, which makes its slot
   * free; the ring unwinds write by write, and the redundant copy comes back.
   */
  private boolean park(boolean[] ring) {
    if (extraCopiesLeft < 2 || size(ring) < SMALLEST_RING_PARKED) {
      return false;
    }
    for (int p = 0; p < slots.length; p++) {
      // Once a slot: two rings must not take turns for ever.
      if (!ring[p] || parked[p] || slotOnGpu(p, target[p]) != NONE) {
        continue;
      }
      int lot = parkingLot(p);
      if (lot != NONE) {
        parked[p] = true;
        extraCopiesLeft -= 2;
        write(lot, slots[p]);
        write(p, target[p]);
        return true;
      }
    }
    return false;
  }

  /** The slot of a redundant copy that an expert can take for a while: in its node if it may be. */
  private int parkingLot(int slot) {
    int expert = slots[slot];
    int best = NONE;
    for (int z = 0; z < slots.length; z++) {
      if (copies[slots[z]] > 1
          && !holds(layout.gpuOfSlot(z), expert)
          && (best == NONE || (sameNode(z, slot) && !sameNode(best, slot)))) {
        best = z;
      }
    }
    return best;
  }

  /**
   * Takes a piece out of a long ring: its slots but the last get what they wait for, from the next
   * one, and the last keeps the first one's expert for the rest of the ring to fetch.
   */
  private boolean cut(boolean[] ring) {
    if (extraCopiesLeft < 1 || size(ring) <= MOST_WRITES) {
      return false;
    }
    for (int p = 0; p < slots.length; p++) {
      int[] chain = ring[p] ? chain(p) : new int[0];
      for (int length = chain.length; length > 1; length--) {
        int[] after = slots.clone();
        for (int i = 0; i < length; i++) {
          after[chain[i]] = slots[chain[(i + 1) % length]];
        }
        if (sound(after, chain, length)) {
          extraCopiesLeft--;
          switchTogether(Arrays.copyOf(chain, length), after);
          return true;
        }
      }
    }
    return false;
  }

  /** A slot, the one that holds what it waits for, and so on. */
  private int[] chain(int slot) {
    int[] chain = new int[MOST_WRITES];
    chain[0] = slot;
    int length = 1;
    while (length < MOST_WRITES) {
      int next = pendingHolder(target[chain[length - 1]]);
      if (next == NONE || contains(chain, length, next)) {
        break;
      }
      chain[length++] = next;
    }
    return Arrays.copyOf(chain, length);
  }

  private int pendingHolder(int expert) {
    for (int p = 0; p < slots.length; p++) {
      if (slots[p] == expert && pending(p)) {
        return p;
      }
    }
    return NONE;
  }

  private static boolean contains(int[] values, int length, int value) {
    for (int i = 0; i < length; i++) {
      if (values[i] == value) {
        return true;
      }
    }
    return false;
  }

  /** Whether none of the slots shares its GPU with another copy. */
  private boolean sound(int[] map, int[] chain, int length) {
    for (int i = 0; i < length; i++) {
      int first = layout.gpuOfSlot(chain[i]) * layout.slotsPerGpu();
      for (int p = first; p < first + layout.slotsPerGpu(); p++) {
        if (p != chain[i] && map[p] == map[chain[i]]) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean holds(int gpu, int expert) {
    int first = gpu * layout.slotsPerGpu();
    for (int p = first; p < first + layout.slotsPerGpu(); p++) {
      if (slots[p] == expert) {
        return true;
      }
    }
    return false;
  }

  private boolean sameNode(int slot, int other) {
    return layout.nodeOfSlot(slot) == layout.nodeOfSlot(other);
  }

  private void write(int slot, int expert) {
    steps.add(new MoveStep(List.of(new SlotWrite(slot, expert, source(slot, expert)))));
    put(slot, expert);
  }

  private void put(int slot, int expert) {
    copies[slots[slot]]--;
    slots[slot] = expert;
    copies[expert]++;
  }

  private void switchTogether(boolean[] ring) {
    int[] written = IntStream.range(0, ring.length).filter(p -> ring[p]).toArray();
    switchTogether(written, target);
  }

  private void switchTogether(int[] written, int[] after) {
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
