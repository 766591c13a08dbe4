package io.sextant.placement.objective;

import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;

/**
 * The load of every GPU, by its speed, in every micro-batch, and what it would be if one or two
 * experts had other slots.
 *
 * <p>The load of a copy follows the evaluator's rule in expectation: the tokens that start on its
 * node, and its share of those that start where no copy is. The busiest GPUs of each micro-batch
 * are kept, so that a trial costs one pass over the micro-batches.
 */
public final class GpuLoads {
  /**
   * GPUs kept in order for each micro-batch; a trial that touches all of them looks at the rest.
   */
  private static final int RANKED = 4;

  private final SlotLayout layout;
  private final int batches;
  private final int nodes;
  private final float[][][] demand;
  private final float[] scale;
  private final float[] slowness;
  private final float most;
  private final int[][] slotsOf;
  private final float[][][] copyLoad;
  private final float[][] gpuLoad;
  private final int[] busiest;

  private final float[][] shift;
  private final boolean[] shifted;
  private final int[] touched;
  private int touchedCount;
  private final Trial first;
  private final Trial second;

  /** New slots of one expert, with the load the copy in each would have. */
  private final class Trial {
    private int expert;
    private int[] slots;
    private float[][] load = new float[0][];
    private boolean fresh;
    private final int[] copiesOn = new int[nodes];
    private final float[][] onNode = new float[nodes][batches];
    private final float[] elsewhere = new float[batches];
  }

  /**
   * @param slots shape [slots]: the logical expert in each slot
   */
  public GpuLoads(SlotLayout layout, MicroBatchLoads loads, int[] slots) {
    this.layout = layout;
    this.batches = loads.batches();
    this.nodes = layout.nodes();
    this.demand = new float[loads.experts()][nodes][batches];
    this.scale = loads.scale(layout.gpus());
    this.most = loads.most();
    this.slowness = layout.topology().slowness(layout.gpus());
    for (int b = 0; b < batches; b++) {
      int[] row = loads.counts()[b];
      for (int e = 0; e < loads.experts(); e++) {
        for (int s = 0; s < nodes; s++) {
          demand[e][s][b] = row[e * nodes + s];
        }
      }
    }
    this.slotsOf = new int[loads.experts()][];
    this.copyLoad = new float[loads.experts()][][];
    this.gpuLoad = new float[layout.gpus()][batches];
    this.busiest = new int[batches * RANKED];
    this.shift = new float[layout.gpus()][batches];
    this.shifted = new boolean[layout.gpus()];
    this.touched = new int[layout.gpus()];
    this.first = new Trial();
    this.second = new Trial();
    int[] copies = new int[loads.experts()];
    for (int e : slots) {
      copies[e]++;
    }
    for (int e = 0; e < copies.length; e++) {
      slotsOf[e] = new int[copies[e]];
    }
    for (int p = slots.length - 1; p >= 0; p--) {
      slotsOf[slots[p]][--copies[slots[p]]] = p;
    }
    for (int e = 0; e < slotsOf.length; e++) {
      prepare(first, e, slotsOf[e]);
      keep(first);
      for (int i = 0; i < slotsOf[e].length; i++) {
        int gpu = layout.gpuOfSlot(slotsOf[e][i]);
        add(gpuLoad[gpu], copyLoad[e][i], slowness[gpu]);
      }
    }
    for (int b = 0; b < batches; b++) {
      rank(b);
    }
  }

  public int[] slotsOf(int expert) {
    return slotsOf[expert];
  }

  /** A GPU that is the busiest of the micro-batch. */
  public int busiest(int batch) {
    return busiest[batch * RANKED];
  }

  public int batches() {
    return batches;
  }

  /** Mean over micro-batches of max/mean GPU load. */
  public double imbalance() {
    double sum = 0;
    for (int b = 0; b < batches; b++) {
      sum += gpuLoad[busiest[b * RANKED]][b] * scale[b];
    }
    return sum / batches;
  }

  /**
   * {@link #imbalance()} if two experts had these slots instead of their own; {@link #commit()}
   * makes it so.
   */
  public double trial(int a, int[] slotsA, int b, int[] slotsB) {
    touchedCount = 0;
    prepare(first, a, slotsA);
    prepare(second, b, slotsB);
    shift(first);
    shift(second);
    if (touchedCount == 2) {
      return trialOfTwo();
    }
    double sum = 0;
    for (int batch = 0; batch < batches; batch++) {
      float max = 0;
      for (int i = 0; i < touchedCount; i++) {
        int g = touched[i];
        max = Math.max(max, gpuLoad[g][batch] + shift[g][batch]);
      }
      int rank = batch * RANKED;
      int end = rank + RANKED;
      while (rank < end && busiest[rank] >= 0 && shifted[busiest[rank]]) {
        rank++;
      }
      if (rank == end) {
        max = Math.max(max, mostOfUntouched(batch));
      } else if (busiest[rank] >= 0) {
        max = Math.max(max, gpuLoad[busiest[rank]][batch]);
      }
      sum += max * scale[batch];
    }
    for (int i = 0; i < touchedCount; i++) {
      shifted[touched[i]] = false;
    }
    return sum / batches;
  }

  /** Most trials touch two GPUs; then one of the three busiest is always left as it was. */
  private double trialOfTwo() {
    int g = touched[0];
    int h = touched[1];
    shifted[g] = false;
    shifted[h] = false;
    float[] loadG = gpuLoad[g];
    float[] loadH = gpuLoad[h];
    float[] shiftG = shift[g];
    float[] shiftH = shift[h];
    double sum = 0;
    for (int batch = 0; batch < batches; batch++) {
      float max = Math.max(loadG[batch] + shiftG[batch], loadH[batch] + shiftH[batch]);
      int rank = batch * RANKED;
      int other = busiest[rank];
      if (other == g || other == h) {
        other = busiest[rank + 1];
        if (other == g || other == h) {
          other = busiest[rank + 2];
        }
      }
      if (other >= 0) {
        max = Math.max(max, gpuLoad[other][batch]);
      }
      sum += max * scale[batch];
    }
    return sum / batches;
  }

  private float mostOfUntouched(int batch) {
    float max = 0;
    for (int g = 0; g < gpuLoad.length; g++) {
      if (!shifted[g]) {
        max = Math.max(max, gpuLoad[g][batch]);
      }
    }
    return max;
  }

  private void prepare(Trial trial, int expert, int[] slots) {
    trial.expert = expert;
    trial.slots = slots;
    if (trial.load.length < slots.length) {
      trial.load = new float[slots.length][];
    }
    trial.fresh = copyLoad[expert] == null || !sameNodes(slotsOf[expert], slots);
    if (!trial.fresh) {
      // Copies that stay on their nodes, or a single copy wherever it goes, keep their loads.
      System.arraycopy(copyLoad[expert], 0, trial.load, 0, slots.length);
      return;
    }
    Arrays.fill(trial.copiesOn, 0);
    for (int p : slots) {
      trial.copiesOn[layout.nodeOfSlot(p)]++;
    }
    Arrays.fill(trial.elsewhere, 0);
    for (int s = 0; s < nodes; s++) {
      if (trial.copiesOn[s] == 0) {
        add(trial.elsewhere, demand[expert][s], 1);
      }
    }
    float share = 1f / slots.length;
    for (int n = 0; n < nodes; n++) {
      if (trial.copiesOn[n] > 0) {
        float[] own = demand[expert][n];
        float[] load = trial.onNode[n];
        float ownShare = 1f / trial.copiesOn[n];
        for (int b = 0; b < batches; b++) {
          load[b] = Math.min(most, own[b] * ownShare + trial.elsewhere[b] * share);
        }
      }
    }
    for (int i = 0; i < slots.length; i++) {
      trial.load[i] = trial.onNode[layout.nodeOfSlot(slots[i])];
    }
  }

  /** Whether copies on the second slots have the loads of those on the first; both ascend. */
  private boolean sameNodes(int[] was, int[] is) {
    if (was.length != is.length) {
      return false;
    }
    for (int i = 0; i < was.length && was.length > 1; i++) {
      if (layout.nodeOfSlot(was[i]) != layout.nodeOfSlot(is[i])) {
        return false;
      }
    }
    return true;
  }

  private static void add(float[] into, float[] values, float factor) {
    for (int b = 0; b < into.length; b++) {
      into[b] += values[b] * factor;
    }
  }

  private void shift(Trial trial) {
    int[] was = slotsOf[trial.expert];
    for (int i = 0; i < was.length; i++) {
      if (trial.fresh || was[i] != trial.slots[i]) {
        int gpu = layout.gpuOfSlot(was[i]);
        add(touch(gpu), copyLoad[trial.expert][i], -slowness[gpu]);
      }
    }
    for (int i = 0; i < trial.slots.length; i++) {
      if (trial.fresh || was[i] != trial.slots[i]) {
        int gpu = layout.gpuOfSlot(trial.slots[i]);
        add(touch(gpu), trial.load[i], slowness[gpu]);
      }
    }
  }

  private float[] touch(int gpu) {
    if (!shifted[gpu]) {
      shifted[gpu] = true;
      touched[touchedCount++] = gpu;
      Arrays.fill(shift[gpu], 0);
    }
    return shift[gpu];
  }

  /** Makes the last trial real. */
  public void commit() {
    keep(first);
    keep(second);
    for (int i = 0; i < touchedCount; i++) {
      add(gpuLoad[touched[i]], shift[touched[i]], 1);
    }
    for (int b = 0; b < batches; b++) {
      if (reachesRanked(b)) {
        rank(b);
      }
    }
  }

  /** Whether a GPU just changed is, or becomes, one of the busiest of the micro-batch. */
  private boolean reachesRanked(int batch) {
    int from = batch * RANKED;
    int last = busiest[from + RANKED - 1];
    float least = last < 0 ? 0 : gpuLoad[last][batch];
    for (int i = 0; i < touchedCount; i++) {
      int g = touched[i];
      if (gpuLoad[g][batch] >= least) {
        return true;
      }
      for (int r = from; r < from + RANKED; r++) {
        if (busiest[r] == g) {
          return true;
        }
      }
    }
    return false;
  }

  private void keep(Trial trial) {
    int copies = trial.slots.length;
    slotsOf[trial.expert] = trial.slots.clone();
    copyLoad[trial.expert] = Arrays.copyOf(trial.load, copies);
    for (int i = 0; i < copies && trial.fresh; i++) {
      copyLoad[trial.expert][i] = trial.load[i].clone();
    }
  }

  private void rank(int batch) {
    int from = batch * RANKED;
    int end = from + RANKED;
    Arrays.fill(busiest, from, end, -1);
    for (int g = 0; g < gpuLoad.length; g++) {
      float load = gpuLoad[g][batch];
      int at = end;
      while (at > from && (busiest[at - 1] < 0 || load > gpuLoad[busiest[at - 1]][batch])) {
        at--;
      }
      if (at < end) {
        System.arraycopy(busiest, at, busiest, at + 1, end - 1 - at);
        busiest[at] = g;
      }
    }
  }
}
