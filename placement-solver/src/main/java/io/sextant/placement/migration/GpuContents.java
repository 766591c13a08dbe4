package io.sextant.placement.migration;

import io.sextant.placement.problem.SlotLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which experts each GPU holds of one layer. */
final class GpuContents {
  private final BitSet[] expertsOfGpu;
  private final List<Map<Integer, Integer>> repeated = new ArrayList<>();

  GpuContents(SlotLayout layout, int[] slots) {
    if (slots.length != layout.slots()) {
      throw new IllegalArgumentException(
          "The map has %d slots but the cluster %d".formatted(slots.length, layout.slots()));
    }
    expertsOfGpu = new BitSet[layout.gpus()];
    Arrays.setAll(expertsOfGpu, gpu -> new BitSet());
    for (int gpu = 0; gpu < layout.gpus(); gpu++) {
      repeated.add(new HashMap<>());
    }
    for (int p = 0; p < slots.length; p++) {
      int gpu = layout.gpuOfSlot(p);
      if (expertsOfGpu[gpu].get(slots[p])) {
        repeated.get(gpu).merge(slots[p], 2, (copies, two) -> copies + 1);
      }
      expertsOfGpu[gpu].set(slots[p]);
    }
  }

  boolean holds(int gpu, int expert) {
    return expertsOfGpu[gpu].get(expert);
  }

  /**
   * Whether one of {@code target}'s GPUs has more copies of an expert than a GPU of this map, and
   * more than one.
   */
  boolean wouldRepeat(int gpu, GpuContents target, int targetGpu) {
    for (Map.Entry<Integer, Integer> expert : target.repeated.get(targetGpu).entrySet()) {
      if (expert.getValue() > repeated.get(gpu).getOrDefault(expert.getKey(), 1)) {
        return true;
      }
    }
    return false;
  }

  /** Experts of one of {@code target}'s GPUs that a GPU of this map does not hold. */
  int missing(int gpu, GpuContents target, int targetGpu) {
    BitSet wanted = (BitSet) target.expertsOfGpu[targetGpu].clone();
    wanted.andNot(expertsOfGpu[gpu]);
    return wanted.cardinality();
  }
}
