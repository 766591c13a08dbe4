package io.sextant.placement.migration;

import java.util.Arrays;

/**
 * Breaks rings of writes that wait for each other, so that few experts have to be held beside the
 * slots. Each way costs copies that the moves alone would not need.
 */
final class RingBreaker {
  /** A smaller ring is as well switched at once: two slots that change places. */
  static final int SMALLEST_RING_PARKED = 3;

  /**
   * Writes that are switched together where it can be helped: few experts are held twice, and the
   * one copy more that each cut of a ring costs is a seventh.
   */
  static final int MOST_WRITES = 8;

  private final MovingSlots layer;
  private final boolean[] parked;
  private int extraCopiesLeft;

  RingBreaker(MovingSlots layer, int mostExtraCopies) {
    this.layer = layer;
    this.parked = new boolean[layer.size()];
    this.extraCopiesLeft = mostExtraCopies;
  }

  /**
   * Breaks a ring: an expert of it takes the slot of a redundant copy of another, which makes its
   * slot free; the ring unwinds write by write, and the redundant copy comes back.
   */
  boolean park(boolean[] ring) {
    if (extraCopiesLeft < 2 || MoveOrder.size(ring) < SMALLEST_RING_PARKED) {
      return false;
    }
    for (int p = 0; p < layer.size(); p++) {
      // Once a slot: two rings must not take turns for ever.
      if (!ring[p] || parked[p] || layer.slotOnGpu(p, layer.wanted(p)) != MovingSlots.NONE) {
        continue;
      }
      int lot = parkingLot(p);
      if (lot != MovingSlots.NONE) {
        parked[p] = true;
        extraCopiesLeft -= 2;
        layer.write(lot, layer.held(p));
        layer.write(p, layer.wanted(p));
        return true;
      }
    }
    return false;
  }

  /** The slot of a redundant copy that an expert can take for a while: in its node if it may be. */
  private int parkingLot(int slot) {
    int expert = layer.held(slot);
    int best = MovingSlots.NONE;
    for (int z = 0; z < layer.size(); z++) {
      if (layer.copies(layer.held(z)) > 1
          && !layer.holds(layer.layout().gpuOfSlot(z), expert)
          && (best == MovingSlots.NONE
              || (layer.sameNode(z, slot) && !layer.sameNode(best, slot)))) {
        best = z;
      }
    }
    return best;
  }

  /**
   * Takes a piece out of a long ring: its slots but the last get what they wait for, from the next
   * one, and the last keeps the first one's expert for the rest of the ring to fetch.
   */
  boolean cut(boolean[] ring) {
    if (extraCopiesLeft < 1 || MoveOrder.size(ring) <= MOST_WRITES) {
      return false;
    }
    for (int p = 0; p < layer.size(); p++) {
      int[] chain = ring[p] ? chain(p) : new int[0];
      for (int length = chain.length; length > 1; length--) {
        if (layer.held(chain[length - 1]) == layer.held(p)) {
          continue;
        }
        int[] after = layer.copyOfSlots();
        for (int i = 0; i < length; i++) {
          after[chain[i]] = layer.held(chain[(i + 1) % length]);
        }
        if (sound(after, chain, length)) {
          extraCopiesLeft--;
          layer.switchTogether(Arrays.copyOf(chain, length), after);
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
      int next = pendingHolder(layer.wanted(chain[length - 1]));
      if (next == MovingSlots.NONE || contains(chain, length, next)) {
        break;
      }
      chain[length++] = next;
    }
    return Arrays.copyOf(chain, length);
  }

  private int pendingHolder(int expert) {
    for (int p = 0; p < layer.size(); p++) {
      if (layer.held(p) == expert && layer.pending(p)) {
        return p;
      }
    }
    return MovingSlots.NONE;
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
      int first = layer.layout().gpuOfSlot(chain[i]) * layer.layout().slotsPerGpu();
      for (int p = first; p < first + layer.layout().slotsPerGpu(); p++) {
        if (p != chain[i] && map[p] == map[chain[i]]) {
          return false;
        }
      }
    }
    return true;
  }
}
