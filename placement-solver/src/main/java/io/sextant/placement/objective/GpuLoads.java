package io.sextant.placement.objective;

import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;

/**
 * The load of every GPU, by its speed, in every micro-batch, and what it would be if one or two
 * experts had other slots.
 *
 * <p>The load of a copy follows the evaluator's rule in expectation: the tokens that start on its
 * node, and its share of those that start on nodes without a copy. The busiest GPUs of each
 * micro-batch are kept in order, so a trial costs one pass over the micro-batches.
 */
public final class GpuLoads {
  private final SlotLayout layout;
  private final int batches;
  private final float[] scale;
  private final float[] slowness;
  private final int[][] slotsOf;
  private final float[][][] copyLoad;
  private final float[][] gpuLoad;
  private final BusiestGpus busiest;

  private final float[][] shift;
  private final boolean[] shifted;
  private final int[] touched;
  private int touchedCount;
  private final SlotTrial first;
  private final SlotTrial second;

  /**
   * @param slots shape [slots]: the logical expert in each slot
   */
  public GpuLoads(SlotLayout layout, MicroBatchLoads loads, int[] slots) {
    this.layout = layout;
    this.batches = loads.batches();
    this.scale = loads.scale(layout.gpus());
    this.slowness = layout.topology().slowness(layout.gpus());
    this.slotsOf = slotsOfExperts(slots, loads.experts());
    this.copyLoad = new float[loads.experts()][][];
    this.gpuLoad = new float[layout.gpus()][batches];
    this.shift = new float[layout.gpus()][batches];
    this.shifted = new boolean[layout.gpus()];
    this.touched = new int[layout.gpus()];
    float[][][] demand = demand(loads, layout.nodes());
    this.first = new SlotTrial(layout, demand, loads.most(), batches);
    this.second = new SlotTrial(layout, demand, loads.most(), batches);
    for (int e = 0; e < slotsOf.length; e++) {
      first.prepare(e, slotsOf[e], slotsOf[e], null);
      keep(first);
      for (int i = 0; i < slotsOf[e].length; i++) {
        int gpu = layout.gpuOfSlot(slotsOf[e][i]);
        add(gpuLoad[gpu], copyLoad[e][i], slowness[gpu]);
      }
    }
    this.busiest = new BusiestGpus(gpuLoad);
  }

  /** Shape [experts][nodes][batches]: tokens by the node they start on. */
  private static float[][][] demand(MicroBatchLoads loads, int nodes) {
    float[][][] demand = new float[loads.experts()][nodes][loads.batches()];
    for (int b = 0; b < loads.batches(); b++) {
      int[] row = loads.counts()[b];
      for (int e = 0; e < loads.experts(); e++) {
        for (int s = 0; s < nodes; s++) {
          demand[e][s][b] = row[e * nodes + s];
        }
      }
    }
    return demand;
  }

  /** Shape [experts][copies], ascending. */
  private static int[][] slotsOfExperts(int[] slots, int experts) {
    int[] copies = new int[experts];
    for (int e : slots) {
      copies[e]++;
    }
    int[][] slotsOf = new int[experts][];
    for (int e = 0; e < experts; e++) {
      slotsOf[e] = new int[copies[e]];
    }
    for (int p = slots.length - 1; p >= 0; p--) {
      slotsOf[slots[p]][--copies[slots[p]]] = p;
    }
    return slotsOf;
  }

  /**
   * @return shape [copies], ascending: the slots of an expert; not to be changed
   */
  public int[] slotsOf(int expert) {
    return slotsOf[expert];
  }

  /** A GPU that is the busiest of the micro-batch. */
  public int busiest(int batch) {
    return busiest.first(batch);
  }

  /** Number of micro-batches. */
  public int batches() {
    return batches;
  }

  /** Mean over micro-batches of max/mean GPU load. */
  public double imbalance() {
    double sum = 0;
    for (int b = 0; b < batches; b++) {
      sum += busiest.most(b) * scale[b];
    }
    return sum / batches;
  }

  /**
   * {@link #imbalance()} if two experts had these slots instead of their own; {@link #commit()}
   * makes it so.
   *
   * @param slotsA shape [copies of a], ascending
   * @param slotsB shape [copies of b], ascending
   */
  public double trial(int a, int[] slotsA, int b, int[] slotsB) {
    touchedCount = 0;
    first.prepare(a, slotsA, slotsOf[a], copyLoad[a]);
    second.prepare(b, slotsB, slotsOf[b], copyLoad[b]);
    shift(first);
    shift(second);
    double sum = touchedCount == 2 ? trialOfTwo() : trialOfMany();
    for (int i = 0; i < touchedCount; i++) {
      shifted[touched[i]] = false;
    }
    return sum / batches;
  }

  private double trialOfMany() {
    double sum = 0;
    for (int batch = 0; batch < batches; batch++) {
      float max = 0;
      for (int i = 0; i < touchedCount; i++) {
        int g = touched[i];
        max = Math.max(max, gpuLoad[g][batch] + shift[g][batch]);
      }
      sum += busiest.mostWithout(shifted, batch, max) * scale[batch];
    }
    return sum;
  }

  /** Most trials touch two GPUs; then one of the three busiest is always left as it was. */
  private double trialOfTwo() {
    int g = touched[0];
    int h = touched[1];
    float[] loadG = gpuLoad[g];
    float[] loadH = gpuLoad[h];
    float[] shiftG = shift[g];
    float[] shiftH = shift[h];
    double sum = 0;
    for (int batch = 0; batch < batches; batch++) {
      float max = Math.max(loadG[batch] + shiftG[batch], loadH[batch] + shiftH[batch]);
      sum += busiest.mostWithout(g, h, batch, max) * scale[batch];
    }
    return sum;
  }

  static void add(float[] into, float[] values, float factor) {
    for (int b = 0; b < into.length; b++) {
      into[b] += values[b] * factor;
    }
  }

  private void shift(SlotTrial trial) {
    int expert = trial.expert();
    int[] was = slotsOf[expert];
    int[] is = trial.slots();
    for (int i = 0; i < was.length; i++) {
      if (trial.fresh() || was[i] != is[i]) {
        int gpu = layout.gpuOfSlot(was[i]);
        add(touch(gpu), copyLoad[expert][i], -slowness[gpu]);
      }
    }
    for (int i = 0; i < is.length; i++) {
      if (trial.fresh() || was[i] != is[i]) {
        int gpu = layout.gpuOfSlot(is[i]);
        add(touch(gpu), trial.load(i), slowness[gpu]);
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
      busiest.rankIfReached(b, touched, touchedCount);
    }
  }

  private void keep(SlotTrial trial) {
    slotsOf[trial.expert()] = trial.slots().clone();
    copyLoad[trial.expert()] = trial.kept();
  }
}
