package io.sextant.placement.migration;

import io.sextant.placement.problem.SlotLayout;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds the order of a {@link MoveList}.
 *
 * <p>A write is free if its slot holds a redundant copy and its GPU does not hold the new expert
 * yet. Free writes go first, one a step: each frees what waited for it. Where none is left, every
 * write waits for another, so there is a ring; the smallest set of writes that wait for nobody
 * outside is switched together, or broken by parking an expert, or cut into pieces.
 */
final class MoveOrder {
  private final MovingSlots layer;
  private final RingBreaker breaker;

  MoveOrder(SlotLayout layout, int[] current, int[] target, int mostExtraCopies) {
    this.layer = new MovingSlots(layout, current, target);
    this.breaker = new RingBreaker(layer, mostExtraCopies);
  }

  List<MoveStep> steps() {
    while (true) {
      writeFree();
      boolean[] ring = smallestRing();
      if (ring == null) {
        return layer.steps();
      }
      if (!breaker.park(ring) && !breaker.cut(ring)) {
        switchWhole(ring);
      }
    }
  }

  private void writeFree() {
    boolean wrote = true;
    while (wrote) {
      wrote = false;
      for (int p = 0; p < layer.size(); p++) {
        if (layer.pending(p)
            && layer.copies(layer.held(p)) > 1
            && layer.slotOnGpu(p, layer.wanted(p)) == MovingSlots.NONE) {
          layer.write(p, layer.wanted(p));
          wrote = true;
        }
      }
    }
  }

  /** The fewest writes that wait for none but each other; null if all is done. */
  private boolean[] smallestRing() {
    boolean[] smallest = null;
    int fewest = Integer.MAX_VALUE;
    for (int p = 0; p < layer.size() && fewest >= RingBreaker.SMALLEST_RING_PARKED; p++) {
      if (layer.pending(p)) {
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

  static int size(boolean[] ring) {
    int size = 0;
    for (boolean in : ring) {
      size += in ? 1 : 0;
    }
    return size;
  }

  /** A slot, and all that has to be written with it. */
  private boolean[] closure(int slot) {
    boolean[] in = new boolean[layer.size()];
    int[] queue = new int[layer.size()];
    int[] lost = new int[layer.experts()];
    int[] won = new int[layer.experts()];
    int queued = 0;
    queue[queued++] = slot;
    in[slot] = true;
    lost[layer.held(slot)]++;
    won[layer.wanted(slot)]++;
    for (int i = 0; i < queued; i++) {
      int p = queue[i];
      int[] needed = {layer.slotOnGpu(p, layer.wanted(p)), MovingSlots.NONE};
      if (lost[layer.held(p)] == layer.copies(layer.held(p)) && won[layer.held(p)] == 0) {
        needed[1] = heir(layer.held(p));
      }
      for (int q : needed) {
        if (q != MovingSlots.NONE && !in[q]) {
          in[q] = true;
          queue[queued++] = q;
          lost[layer.held(q)]++;
          won[layer.wanted(q)]++;
        }
      }
    }
    return in;
  }

  /** The first slot that is to receive the expert. */
  private int heir(int expert) {
    for (int p = 0; p < layer.size(); p++) {
      if (layer.wanted(p) == expert && layer.pending(p)) {
        return p;
      }
    }
    throw new IllegalStateException("Expert %d is nowhere in the target".formatted(expert));
  }

  private void switchWhole(boolean[] ring) {
    int[] written = IntStream.range(0, ring.length).filter(p -> ring[p]).toArray();
    int[] after = layer.copyOfSlots();
    for (int p : written) {
      after[p] = layer.wanted(p);
    }
    layer.switchTogether(written, after);
  }
}
