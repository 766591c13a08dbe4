package io.sextant.placement.outage;

import io.sextant.placement.copies.CopyTable;
import io.sextant.placement.problem.SlotLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The map of a layer for the GPUs that are left. Every GPU keeps its slots, as SGLang's {@code
 * elasticity_aware} algorithm and vLLM's {@code scale_elastic_ep} have it. An expert whose copies
 * are all lost takes the slot of a copy whose expert has others, on the GPU that then has least
 * load. No other slot is written, and no map that has all experts needs fewer writes.
 */
public final class SurvivorMap {
  private final SlotLayout layout;
  private final LostGpus avoided;
  private final double[] load;
  private final int[] slots;
  private final int[] copies;
  private final List<ExpertWrite> writes = new ArrayList<>();

  private SurvivorMap(int[] map, LostGpus lost, LostGpus avoided, double[] load) {
    this.layout = lost.layout();
    this.avoided = avoided;
    this.load = load;
    this.slots = withoutLost(map, lost);
    this.copies = new int[load.length];
    for (int expert : slots) {
      if (expert != CopyTable.EMPTY) {
        copies[expert]++;
      }
    }
  }

  /**
   * @param map shape [slots]: the logical expert in each slot before; {@link CopyTable#EMPTY} in
   *     slots that were lost earlier
   * @param avoided GPUs that get no expert, because they leave next
   * @param load shape [experts]: tokens of each expert
   */
  public static SurvivorMap of(int[] map, LostGpus lost, LostGpus avoided, double[] load) {
    SurvivorMap survivors = new SurvivorMap(map, lost, avoided, load);
    survivors.place(map, survivors.lostExperts());
    return survivors;
  }

  private static int[] withoutLost(int[] map, LostGpus lost) {
    int[] left = map.clone();
    int perGpu = lost.layout().slotsPerGpu();
    Arrays.fill(
        left, lost.first() * perGpu, (lost.first() + lost.count()) * perGpu, CopyTable.EMPTY);
    return left;
  }

  private int[] lostExperts() {
    return IntStream.range(0, load.length)
        .filter(expert -> copies[expert] == 0)
        .boxed()
        .sorted(Comparator.comparingDouble(expert -> -load[expert]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private void place(int[] map, int[] lostExperts) {
    for (int expert : lostExperts) {
      int slot = lightest();
      if (slot < 0) {
        continue;
      }
      int fromSlot = 0;
      while (map[fromSlot] != expert) {
        fromSlot++;
      }
      copies[slots[slot]]--;
      copies[expert]++;
      slots[slot] = expert;
      writes.add(new ExpertWrite(slot, expert, fromSlot));
    }
  }

  /** The slot of a copy that can be spared; -1 if there is none. */
  private int lightest() {
    int best = -1;
    double least = Double.POSITIVE_INFINITY;
    for (int p = 0; p < slots.length; p++) {
      int other = slots[p];
      int gpu = layout.gpuOfSlot(p);
      if (other == CopyTable.EMPTY || copies[other] < 2 || avoided.has(gpu)) {
        continue;
      }
      double after = load(gpu) - load[other] / copies[other];
      if (after < least) {
        least = after;
        best = p;
      }
    }
    return best;
  }

  private double load(int gpu) {
    double sum = 0;
    for (int p = gpu * layout.slotsPerGpu(), end = p + layout.slotsPerGpu(); p < end; p++) {
      sum += slots[p] == CopyTable.EMPTY ? 0 : load[slots[p]] / copies[slots[p]];
    }
    return sum;
  }

  /**
   * Shape [slots]: the logical expert in each slot; {@link CopyTable#EMPTY} in slots of lost GPUs.
   */
  public int[] slots() {
    return slots.clone();
  }

  /** The slots that are written, in an order in which no expert loses its last copy. */
  public List<ExpertWrite> writes() {
    return List.copyOf(writes);
  }

  /** Experts that have no slot, because no copy of another could be spared. */
  public int missing() {
    return (int) Arrays.stream(copies).filter(n -> n == 0).count();
  }

  /** Experts that the lost GPUs alone had. */
  public int lost() {
    return writes.size() + missing();
  }
}
