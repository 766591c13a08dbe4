package io.sextant.placement.search;

import io.sextant.placement.anneal.Annealed;
import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.objective.BusiestGpus;
import io.sextant.placement.objective.MicroBatchLoads;
import io.sextant.placement.problem.SlotLayout;
import java.util.SplittableRandom;

/**
 * Packs the expert copies of each node onto its GPUs. Minimised is max/mean GPU load, averaged over
 * the micro-batches of the plan's window: the figure that a placement is judged by, not the balance
 * of the window's sums.
 *
 * <p>Starts from {@link HeaviestFirst}, then exchanges copies between GPUs of a node by simulated
 * annealing. A proposal costs one pass over the micro-batches, because the three busiest GPUs of
 * each are kept in order.
 */
public final class GpuPacker implements Annealed {
  private final SlotLayout layout;
  private final int batches;
  private final int[] slotToExpert;
  private final float[][] copyLoad;
  private final float[][] gpuLoad;
  private final BusiestGpus busiest;
  private final float[] trial;
  private final float[] scale;
  private final float[] slowness;
  private double current;
  private int[] bestSlots;

  /**
   * @param expertsOfNode shape [nodes][slotsPerNode]: the experts each node holds, one per slot; an
   *     expert listed twice has two copies there
   */
  public GpuPacker(SlotLayout layout, MicroBatchLoads loads, int[][] expertsOfNode) {
    this.layout = layout;
    this.batches = loads.batches();
    this.gpuLoad = new float[layout.gpus()][batches];
    this.trial = new float[batches];
    this.scale = loads.scale(layout.gpus());
    this.slowness = layout.topology().slowness(layout.gpus());
    HeaviestFirst start = new HeaviestFirst(layout, loads, expertsOfNode);
    this.slotToExpert = start.slotToExpert();
    this.copyLoad = start.copyLoad();
    for (int slot = 0; slot < slotToExpert.length; slot++) {
      int gpu = layout.gpuOfSlot(slot);
      for (int b = 0; b < batches; b++) {
        gpuLoad[gpu][b] += copyLoad[slot][b] * slowness[gpu];
      }
    }
    this.busiest = new BusiestGpus(gpuLoad);
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
    int hotGpu = busiest.first(random.nextInt(batches));
    int p = hotGpu * layout.slotsPerGpu() + random.nextInt(layout.slotsPerGpu());
    int q = layout.nodeOfSlot(p) * layout.slotsPerNode() + random.nextInt(layout.slotsPerNode());
    int other = layout.gpuOfSlot(q);
    if (other == hotGpu
        || slotToExpert[p] == slotToExpert[q]
        || layout.holds(slotToExpert, hotGpu, slotToExpert[q])
        || layout.holds(slotToExpert, other, slotToExpert[p])) {
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
      sum += busiest.mostWithout(g, h, b, max) * scale[b];
    }
    return sum / batches;
  }

  private void swap(int p, int q, int g, int h) {
    for (int b = 0; b < batches; b++) {
      gpuLoad[g][b] += trial[b] * slowness[g];
      gpuLoad[h][b] -= trial[b] * slowness[h];
      busiest.rank(b);
    }
    int expert = slotToExpert[p];
    slotToExpert[p] = slotToExpert[q];
    slotToExpert[q] = expert;
    float[] load = copyLoad[p];
    copyLoad[p] = copyLoad[q];
    copyLoad[q] = load;
  }
}
