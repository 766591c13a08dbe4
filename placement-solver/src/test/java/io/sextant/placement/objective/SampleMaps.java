package io.sextant.placement.objective;

import io.sextant.placement.problem.SlotLayout;
import java.util.SplittableRandom;

/** Maps for tests. */
public final class SampleMaps {
  private SampleMaps() {}

  /**
   * @param experts at most the slots
   * @return shape [slots]: every expert has a slot, copies are anywhere, no GPU has two of one
   */
  public static int[] random(SlotLayout layout, int experts, SplittableRandom random) {
    int[] slots = new int[layout.slots()];
    for (int p = 0; p < slots.length; p++) {
      slots[p] = p % experts;
    }
    for (int i = 0; i < 20 * slots.length; i++) {
      int p = random.nextInt(slots.length);
      int q = random.nextInt(slots.length);
      swapIfDistinct(layout, slots, p, q);
    }
    return slots;
  }

  private static void swapIfDistinct(SlotLayout layout, int[] slots, int p, int q) {
    int expert = slots[p];
    if (layout.gpuOfSlot(p) != layout.gpuOfSlot(q)
        && !layout.holds(slots, layout.gpuOfSlot(p), slots[q])
        && !layout.holds(slots, layout.gpuOfSlot(q), expert)) {
      slots[p] = slots[q];
      slots[q] = expert;
    }
  }
}
