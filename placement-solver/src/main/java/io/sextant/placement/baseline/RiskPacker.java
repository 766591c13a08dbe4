package io.sextant.placement.baseline;

import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Packs copies of experts onto GPUs, the heaviest copies first, each onto the GPU whose mean load
 * plus a multiple of its standard deviation is then least. No GPU gets two copies of one expert.
 */
final class RiskPacker {
  private static final int EMPTY = -1;

  private final LoadStatistics load;
  private final int[] copies;
  private final SlotLayout layout;
  private final double deviations;
  private final int[] slots;
  private final int[] used;
  private final double[] mean;
  private final double[] variance;

  /**
   * @param copies shape [experts]: copies of each, at most one per GPU, as many in all as slots
   */
  RiskPacker(LoadStatistics load, int[] copies, SlotLayout layout, double deviations) {
    if (Arrays.stream(copies).sum() != layout.slots()) {
      throw new IllegalArgumentException(
          "%d copies do not fill %d slots".formatted(Arrays.stream(copies).sum(), layout.slots()));
    }
    this.load = load;
    this.copies = copies;
    this.layout = layout;
    this.deviations = deviations;
    this.slots = new int[layout.slots()];
    this.used = new int[layout.gpus()];
    this.mean = new double[layout.gpus()];
    this.variance = new double[layout.gpus()];
    Arrays.fill(slots, EMPTY);
  }

  /**
   * @return shape [slots]: the logical expert in each slot
   */
  int[] pack() {
    int[] order =
        IntStream.range(0, copies.length)
            .boxed()
            .sorted((a, b) -> Double.compare(copyRisk(b), copyRisk(a)))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int expert : order) {
      for (int c = 0; c < copies[expert]; c++) {
        int gpu = lightestFor(expert);
        if (gpu == EMPTY) {
          makeRoom(expert);
        } else {
          add(expert, gpu);
        }
      }
    }
    return slots.clone();
  }

  /** Mean plus risk of the busiest GPU, in tokens per window. */
  double busiest() {
    double most = 0;
    for (int g = 0; g < layout.gpus(); g++) {
      most = Math.max(most, mean[g] + deviations * Math.sqrt(Math.max(0, variance[g])));
    }
    return most;
  }

  private double copyRisk(int expert) {
    return load.risk(expert, deviations) / copies[expert];
  }

  private int lightestFor(int expert) {
    int best = EMPTY;
    double least = Double.POSITIVE_INFINITY;
    for (int g = 0; g < layout.gpus(); g++) {
      if (used[g] < layout.slotsPerGpu() && !holds(g, expert)) {
        double then =
            mean[g]
                + load.mean()[expert] / copies[expert]
                + deviations * Math.sqrt(Math.max(0, variance[g] + addedVariance(g, expert)));
        if (then < least) {
          least = then;
          best = g;
        }
      }
    }
    return best;
  }

  private double addedVariance(int gpu, int expert) {
    double[] row = load.covariance()[expert];
    double sum = row[expert] / copies[expert];
    for (int p = gpu * layout.slotsPerGpu(), end = p + used[gpu]; p < end; p++) {
      sum += 2 * row[slots[p]] / copies[slots[p]];
    }
    return sum / copies[expert];
  }

  private boolean holds(int gpu, int expert) {
    for (int p = gpu * layout.slotsPerGpu(), end = p + used[gpu]; p < end; p++) {
      if (slots[p] == expert) {
        return true;
      }
    }
    return false;
  }

  private void add(int expert, int gpu) {
    variance[gpu] += addedVariance(gpu, expert);
    mean[gpu] += load.mean()[expert] / copies[expert];
    slots[gpu * layout.slotsPerGpu() + used[gpu]++] = expert;
  }

  /**
   * Every GPU with a free slot holds the expert already: another expert of a full GPU moves to the
   * free slot, and this one takes its place. One exists, as the full GPU holds more experts than
   * the other and lacks one of those.
   */
  private void makeRoom(int expert) {
    int free = 0;
    while (used[free] == layout.slotsPerGpu()) {
      free++;
    }
    for (int g = 0; g < layout.gpus(); g++) {
      if (holds(g, expert)) {
        continue;
      }
      for (int p = g * layout.slotsPerGpu(), end = p + used[g]; p < end; p++) {
        int other = slots[p];
        if (!holds(free, other)) {
          remove(p, g);
          add(other, free);
          add(expert, g);
          return;
        }
      }
    }
    throw new IllegalStateException("No GPU can take a copy of expert %d".formatted(expert));
  }

  private void remove(int slot, int gpu) {
    int expert = slots[slot];
    int last = gpu * layout.slotsPerGpu() + --used[gpu];
    slots[slot] = slots[last];
    slots[last] = EMPTY;
    variance[gpu] -= addedVariance(gpu, expert);
    mean[gpu] -= load.mean()[expert] / copies[expert];
  }
}
