package io.sextant.placement.migration;

import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;
import java.util.BitSet;

/** Which experts each GPU holds of one layer. */
final class GpuContents {
  private final BitSet[] expertsOfGpu;

  GpuContents(SlotLayout layout, int[] slots) {
    if (slots.length != layout.slots()) {
      throw new IllegalArgumentException(
          "The map has %d slots but the cluster %d".formatted(slots.length, layout.slots()));
    }
    expertsOfGpu = new BitSet[layout.gpus()];
    Arrays.setAll(expertsOfGpu, gpu -> new BitSet());
    for (int p = 0; p < slots.length; p++) {
      expertsOfGpu[layout.gpuOfSlot(p)].set(slots[p]);
    }
  }

  boolean holds(int gpu, int expert) {
    return expertsOfGpu[gpu].get(expert);
  }

  /** Experts of one of {@code target}'s GPUs that a GPU of this map does not hold. */
  int missing(int gpu, GpuContents target, int targetGpu) {
    BitSet wanted = (BitSet) target.expertsOfGpu[targetGpu].clone();
    wanted.andNot(expertsOfGpu[gpu]);
    return wanted.cardinality();
  }
}
