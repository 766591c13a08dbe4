package io.sextant.placement.solve;

import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.Survival;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Changes a map until every expert has copies in two units of hardware. An expert with copies in
 * one unit alone gets a slot in another, of the expert that has the fewest tokens per copy and can
 * spare it, in its own node if possible. If no expert can, it exchanges a slot.
 */
final class SurvivingMap {
  private static final int NONE = -1;

  private final SlotLayout layout;
  private final Survival survival;
  private final double[] load;
  private final int[] slots;

  private SurvivingMap(LayerProblem problem, int[] map, Survival survival) {
    this.layout = problem.layout();
    this.survival = survival;
    this.load = problem.load(problem.tokens().experts());
    this.slots = map.clone();
  }

  /**
   * @param map shape [slots]: the logical expert in each slot
   * @return shape [slots]; null if this way leads to no such map
   */
  static int[] of(LayerProblem problem, int[] map, Survival survival) {
    SurvivingMap surviving = new SurvivingMap(problem, map, survival);
    return surviving.repair() ? surviving.slots : null;
  }

  private boolean repair() {
    int[] heaviestFirst =
        IntStream.range(0, load.length)
            .boxed()
            .sorted(Comparator.comparingDouble(e -> -load[e]))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int expert : heaviestFirst) {
      if (!outlives(expert, NONE) && !addCopy(expert) && !exchange(expert)) {
        return false;
      }
    }
    return survival.keepsAll(slots, load.length);
  }

  /** Whether an expert outlives every unit without the copy in a slot. */
  private boolean outlives(int expert, int without) {
    int first = NONE;
    int last = NONE;
    for (int p = 0; p < slots.length; p++) {
      if (slots[p] == expert && p != without) {
        first = first == NONE ? p : first;
        last = p;
      }
    }
    return first != NONE && survival.keeps(first, last);
  }

  private boolean addCopy(int expert) {
    int home = slotOf(expert);
    int best = NONE;
    double least = Double.POSITIVE_INFINITY;
    for (int p = 0; p < slots.length; p++) {
      if (survival.keeps(home, p)
          && !layout.holds(slots, layout.gpuOfSlot(p), expert)
          && outlives(slots[p], p)) {
        boolean far = layout.nodeOfSlot(p) != layout.nodeOfSlot(home);
        double tokens = load[slots[p]] / copies(slots[p]) + (far ? total() : 0);
        if (tokens < least) {
          least = tokens;
          best = p;
        }
      }
    }
    if (best != NONE) {
      slots[best] = expert;
    }
    return best != NONE;
  }

  /** The last slot of an expert and a slot of another unit exchange their experts. */
  private boolean exchange(int expert) {
    int p = lastSlotOf(expert);
    for (int q = 0; q < slots.length; q++) {
      int other = slots[q];
      if (other != expert
          && survival.keeps(p, q)
          && !layout.holds(slots, layout.gpuOfSlot(q), expert)
          && !layout.holds(slots, layout.gpuOfSlot(p), other)) {
        boolean outlived = outlives(other, NONE);
        slots[p] = other;
        slots[q] = expert;
        if (outlives(expert, NONE) && (!outlived || outlives(other, NONE))) {
          return true;
        }
        slots[p] = expert;
        slots[q] = other;
      }
    }
    return false;
  }

  private int slotOf(int expert) {
    int p = 0;
    while (slots[p] != expert) {
      p++;
    }
    return p;
  }

  private int lastSlotOf(int expert) {
    int p = slots.length - 1;
    while (slots[p] != expert) {
      p--;
    }
    return p;
  }

  private int copies(int expert) {
    int copies = 0;
    for (int e : slots) {
      copies += e == expert ? 1 : 0;
    }
    return copies;
  }

  private double total() {
    return Arrays.stream(load).sum();
  }
}
