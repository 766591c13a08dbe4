package io.sextant.placement.search;

import io.sextant.placement.anneal.Annealed;
import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.objective.MicroBatchLoads;
import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Packs the expert copies of each node onto its GPUs so that the busiest GPU of a micro-batch has
 * as little as possible above the mean, averaged over the micro-batches of the plan's window: the
 * very figure a placement is judged by, not the balance of the window's sums.
 *
 * <p>Starts heaviest first onto the lightest GPU, then exchanges copies between GPUs of a node by
 * simulated annealing. A proposal costs one pass over the micro-batches, because the three busiest
 * GPUs of each are kept.
 */
public final class GpuPacker implements Annealed {
  private final SlotLayout layout;
  private final int batches;
  private final int[] slotToExpert;
  private final float[][] copyLoad;
  private final float[][] gpuLoad;
  private final int[] busiest;
  private final float[] trial;
  private final float[] scale;
  private final float[] slowness;
  private double current;
  private int[] bestSlots;

  /**
   * @param expertsOfNode shape [nodes][slotsPerNode]: the experts each node holds, one a slot; an
   *     expert that stands twice has two copies there
   */
  public GpuPacker(SlotLayout layout, MicroBatchLoads loads, int[][] expertsOfNode) {
    this.layout = layout;
    this.batches = loads.batches();
    this.slotToExpert = new int[layout.slots()];
    this.copyLoad = new float[layout.slots()][];
    this.gpuLoad = new float[layout.gpus()][batches];
    this.busiest = new int[batches * 3];
    this.trial = new float[batches];
    this.scale = loads.scale(layout.gpus());
    this.slowness = layout.topology().slowness(layout.gpus());
    int[][] copiesOn = new int[loads.experts()][layout.nodes()];
    for (int n = 0; n < layout.nodes(); n++) {
      for (int e : expertsOfNode[n]) {
        copiesOn[e][n]++;
      }
    }
    for (int n = 0; n < layout.nodes(); n++) {
      start(n, expertsOfNode[n], loads, copiesOn);
    }
    for (int b = 0; b < batches; b++) {
      rankBusiest(b);
    }
  }

  /** Heaviest copy first onto the node's lightest GPU that has a free slot and no copy of it. */
  private void start(int node, int[] experts, MicroBatchLoads loads, int[][] copiesOn) {
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
                (a, b) -> {
                  int byCopies =
                      Integer.compare(copiesOn[experts[b]][node], copiesOn[experts[a]][node]);
                  return byCopies != 0 ? byCopies : Double.compare(weight[b], weight[a]);
                })
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
    for (int slot = firstGpu * per; slot < (firstGpu + used.length) * per; slot++) {
      int gpu = layout.gpuOfSlot(slot);
      for (int b = 0; b < batches; b++) {
        gpuLoad[gpu][b] += copyLoad[slot][b] * slowness[gpu];
      }
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

  /** Mean over micro-batches of max/mean GPU load. */
  public double imbalance() {
    double sum = 0;
    for (int b = 0; b < batches; b++) {
      sum += gpuLoad[busiest[b * 3]][b] * scale[b];
    }
    return sum / batches;
  }

  /**
   * @return shape [slots]: the logical expert in each slot when the imbalance was least
   */
  public int[] run(Annealing annealing) {
    if (layout.gpusPerNode() == 1) {
      return slotToExpert.clone();
    }
    current = imbalance();
    annealing.run(this);
    return bestSlots;
  }

  /**
   * A copy on a GPU that is the busiest of some micro-batch changes places with one of its node.
   */
  @Override
  public boolean propose(Annealing annealing) {
    SplittableRandom random = annealing.random();
    int hotGpu = busiest[random.nextInt(batches) * 3];
    int p = hotGpu * layout.slotsPerGpu() + random.nextInt(layout.slotsPerGpu());
    int q = layout.nodeOfSlot(p) * layout.slotsPerNode() + random.nextInt(layout.slotsPerNode());
    int other = layout.gpuOfSlot(q);
    if (other == hotGpu
        || slotToExpert[p] == slotToExpert[q]
        || holds(hotGpu, layout.slotsPerGpu(), slotToExpert[q])
        || holds(other, layout.slotsPerGpu(), slotToExpert[p])) {
      return false;
    }
    double after = swapped(p, q, hotGpu, other);
    if (after - current > annealing.threshold()) {
      return false;
    }
    swap(p, q, hotGpu, other);
    current = after;
    return true;
  }

  @Override
  public double energy() {
    return current;
  }

  @Override
  public void keep() {
    bestSlots = slotToExpert.clone();
  }

  /** Loads are sums of floats. */
  @Override
  public double leastGain() {
    return 1e-9;
  }

  private double swapped(int p, int q, int g, int h) {
    float[] shift = trial;
    float[] loadP = copyLoad[p];
    float[] loadQ = copyLoad[q];
    float[] onG = gpuLoad[g];
    float[] onH = gpuLoad[h];
    double sum = 0;
    for (int b = 0; b < batches; b++) {
      float d = loadQ[b] - loadP[b];
      shift[b] = d;
      float max = Math.max(onG[b] + d * slowness[g], onH[b] - d * slowness[h]);
      int third = busiest[b * 3];
      if (third == g || third == h) {
        third = busiest[b * 3 + 1];
        if (third == g || third == h) {
          third = busiest[b * 3 + 2];
        }
      }
      if (third >= 0) {
        max = Math.max(max, gpuLoad[third][b]);
      }
      sum += max * scale[b];
    }
    return sum / batches;
  }

  private void swap(int p, int q, int g, int h) {
    for (int b = 0; b < batches; b++) {
      gpuLoad[g][b] += trial[b] * slowness[g];
      gpuLoad[h][b] -= trial[b] * slowness[h];
      rankBusiest(b);
    }
    int expert = slotToExpert[p];
    slotToExpert[p] = slotToExpert[q];
    slotToExpert[q] = expert;
    float[] load = copyLoad[p];
    copyLoad[p] = copyLoad[q];
    copyLoad[q] = load;
  }

  private void rankBusiest(int b) {
    int first = -1;
    int second = -1;
    int third = -1;
    for (int g = 0; g < gpuLoad.length; g++) {
      float load = gpuLoad[g][b];
      if (first < 0 || load > gpuLoad[first][b]) {
        third = second;
        second = first;
        first = g;
      } else if (second < 0 || load > gpuLoad[second][b]) {
        third = second;
        second = g;
      } else if (third < 0 || load > gpuLoad[third][b]) {
        third = g;
      }
    }
    Arrays.fill(busiest, b * 3, b * 3 + 3, -1);
    busiest[b * 3] = first;
    busiest[b * 3 + 1] = second;
    busiest[b * 3 + 2] = third;
  }
}
