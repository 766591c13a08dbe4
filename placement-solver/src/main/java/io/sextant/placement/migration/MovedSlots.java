package io.sextant.placement.migration;

import io.sextant.placement.problem.SlotLayout;

/** What it takes to get from one map of a layer to another. */
public final class MovedSlots {

  private MovedSlots() {}

  /**
   * Slots whose expert changes and is not on their GPU already. Times the weight bytes of an expert
   * ({@code ModelSpec.expertBytes}) these are the moved bytes.
   *
   * @param current shape [slots]: the logical expert in each slot
   * @param target shape [slots]: what it shall be
   */
  public static int count(SlotLayout layout, int[] current, int[] target) {
    GpuContents held = new GpuContents(layout, current);
    GpuContents wanted = new GpuContents(layout, target);
    int moved = 0;
    for (int gpu = 0; gpu < layout.gpus(); gpu++) {
      moved += held.missing(gpu, wanted, gpu);
    }
    return moved;
  }
}
