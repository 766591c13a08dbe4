package io.sextant.placement.migration;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.problem.SlotLayout;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;

/** Sound maps of one layer: one of a sample day, and what changes make of it. */
final class Maps {
  private Maps() {}

  /**
   * A day's experts by falling load, with second copies of the hottest in the slots that are left;
   * the experts of the model are folded into a smaller number.
   */
  static int[] planned(SlotLayout layout, int experts, int layer, int day) {
    double[] real = SampleTokens.load(SampleTokens.layer(layer, 1, day));
    double[] load = new double[experts];
    for (int e = 0; e < real.length; e++) {
      load[e % experts] += real[e];
    }
    int[] order =
        IntStream.range(0, experts)
            .boxed()
            .sorted(Comparator.comparingDouble(e -> -load[e]))
            .mapToInt(e -> e)
            .toArray();
    return IntStream.range(0, layout.slots()).map(p -> order[p % experts]).toArray();
  }

  /** A map after some swaps of slots and replaced copies, sound if it was. */
  static int[] changed(SlotLayout layout, int[] slots, int changes, Random random) {
    int[] map = slots.clone();
    int experts = IntStream.of(map).max().getAsInt() + 1;
    for (int i = 0; i < changes; i++) {
      int p = random.nextInt(map.length);
      if (random.nextInt(3) == 0) {
        int expert = random.nextInt(experts);
        if (copies(map, map[p]) > 1 && !holds(layout, map, layout.gpuOfSlot(p), expert)) {
          map[p] = expert;
        }
        continue;
      }
      int q = random.nextInt(map.length);
      if (!holds(layout, map, layout.gpuOfSlot(p), map[q])
          && !holds(layout, map, layout.gpuOfSlot(q), map[p])) {
        int e = map[p];
        map[p] = map[q];
        map[q] = e;
      }
    }
    return map;
  }

  static boolean holds(SlotLayout layout, int[] map, int gpu, int expert) {
    return copiesOn(layout, map, gpu, expert) > 0;
  }

  /** Two copies of an expert on a GPU, or more. */
  static boolean shares(SlotLayout layout, int[] map) {
    for (int p = 0; p < map.length; p++) {
      if (copiesOn(layout, map, layout.gpuOfSlot(p), map[p]) > 1) {
        return true;
      }
    }
    return false;
  }

  private static long copiesOn(SlotLayout layout, int[] map, int gpu, int expert) {
    return IntStream.range(gpu * layout.slotsPerGpu(), (gpu + 1) * layout.slotsPerGpu())
        .filter(p -> map[p] == expert)
        .count();
  }

  static long copies(int[] map, int expert) {
    return IntStream.of(map).filter(e -> e == expert).count();
  }
}
