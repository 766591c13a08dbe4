package io.sextant.placement.search;

import io.sextant.placement.objective.MicroBatchLoads;
import io.sextant.placement.problem.SlotLayout;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Packs the copies of each node heaviest first, each onto the lightest GPU: the start of packing.
 */
final class HeaviestFirst {
  private final SlotLayout layout;
  private final int batches;
  private final float[] slowness;
  private final int[] slotToExpert;
  private final float[][] copyLoad;

  /**
   * @param expertsOfNode shape [nodes][slotsPerNode]: the experts each node holds, one per slot; an
   *     expert listed twice has two copies there
   */
  HeaviestFirst(SlotLayout layout, MicroBatchLoads loads, int[][] expertsOfNode) {
    this.layout = layout;
    this.batches = loads.batches();
    this.slowness = layout.topology().slowness(layout.gpus());
    this.slotToExpert = new int[layout.slots()];
    this.copyLoad = new float[layout.slots()][];
    int[][] copiesOn = new int[loads.experts()][layout.nodes()];
    for (int n = 0; n < layout.nodes(); n++) {
      for (int e : expertsOfNode[n]) {
        copiesOn[e][n]++;
      }
    }
    for (int n = 0; n < layout.nodes(); n++) {
      place(n, expertsOfNode[n], loads, copiesOn);
    }
  }

  /** Shape [slots]: the logical expert in each slot. */
  int[] slotToExpert() {
    return slotToExpert;
  }

  /** Shape [slots][batches]: the load of the copy in each slot. */
  float[][] copyLoad() {
    return copyLoad;
  }

  /** Heaviest copy first onto the node's lightest GPU that has a free slot and no copy of it. */
  private void place(int node, int[] experts, MicroBatchLoads loads, int[][] copiesOn) {
    int per = layout.slotsPerGpu();
    float[][] load = new float[experts.length][batches];
    double[] weight = new double[experts.length];
    for (int i = 0; i < experts.length; i++) {
      loads.addCopyLoad(experts[i], node, copiesOn[experts[i]], load[i]);
      for (float x : load[i]) {
        weight[i] += x;
      }
    }
    // Copies of the expert that has most of them come first, so that each finds a GPU of its own.
    int[] order =
        IntStream.range(0, experts.length)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingInt(i -> -copiesOn[experts[i]][node])
                    .thenComparingDouble(i -> -weight[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    int firstGpu = node * layout.gpusPerNode();
    int[] used = new int[layout.gpusPerNode()];
    double[] gpuWeight = new double[layout.gpusPerNode()];
    for (int item : order) {
      int best = -1;
      for (int g = 0; g < used.length; g++) {
        if (used[g] < per
            && !holds(firstGpu + g, used[g], experts[item])
            && (best < 0 || gpuWeight[g] < gpuWeight[best])) {
          best = g;
        }
      }
      if (best < 0) {
        // Free slots are left only on GPUs that hold this expert: one of those takes a copy of
        // another expert from a GPU that does not.
        int freed = makeRoom(node, used, experts[item]);
        best = layout.gpuOfSlot(freed) - firstGpu;
        put(freed, experts[item], load[item]);
      } else {
        put((firstGpu + best) * per + used[best]++, experts[item], load[item]);
      }
      gpuWeight[best] += weight[item] * slowness[firstGpu + best];
    }
  }

  private void put(int slot, int expert, float[] load) {
    slotToExpert[slot] = expert;
    copyLoad[slot] = load;
  }

  /** Moves a copy from a full GPU without {@code expert} to one with a free slot. */
  private int makeRoom(int node, int[] used, int expert) {
    int per = layout.slotsPerGpu();
    int firstGpu = node * layout.gpusPerNode();
    for (int g = 0; g < used.length; g++) {
      for (int h = 0; used[g] < per && h < used.length; h++) {
        if (holds(firstGpu + h, used[h], expert)) {
          continue;
        }
        for (int p = (firstGpu + h) * per; p < (firstGpu + h) * per + used[h]; p++) {
          if (!holds(firstGpu + g, used[g], slotToExpert[p])) {
            put((firstGpu + g) * per + used[g]++, slotToExpert[p], copyLoad[p]);
            return p;
          }
        }
      }
    }
    throw new IllegalArgumentException(
        "Expert %d has more copies on node %d than the node has GPUs".formatted(expert, node));
  }

  private boolean holds(int gpu, int used, int expert) {
    for (int p = gpu * layout.slotsPerGpu(), end = p + used; p < end; p++) {
      if (slotToExpert[p] == expert) {
        return true;
      }
    }
    return false;
  }
}
