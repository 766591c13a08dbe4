package io.sextant.placement.objective;

import io.sextant.placement.problem.CopyLimits;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.TokenIndex;
import java.util.Arrays;

/**
 * The exact objective of any assignment of experts to slots, kept up to date slot by slot.
 *
 * <p>Traffic and receive follow the evaluator's rule exactly, load follows it in expectation: a
 * copy on the token's own node, else one of the others by hash. Changes are collected and applied
 * when a figure is asked for, so a swap of two slots touches the tokens of its two experts once.
 */
public final class SlotState {
  /** Marks a slot that holds no expert. */
  public static final int EMPTY = -1;

  private final SlotLayout layout;
  private final MicroBatchLoads loads;
  private final ObjectiveWeights weights;
  private final CopyLimits limits;
  private final NodeTraffic traffic;

  private final int[] slotToExpert;
  private final int[][] copiesOn;
  private final float[][] gpuLoad;
  private final float[][][] loadOnNode;
  private final float[] scale;
  private final float[] slowness;

  private final boolean[] dirty;
  private final int[] dirtyExperts;
  private int dirtyCount;
  private int missing;
  private int doubled;

  /**
   * @param problem the layer with the tokens that traffic is counted on
   * @param index those tokens by expert
   * @param limits the slots that copies may have
   * @param slots shape [slots]: the logical expert in each slot, or {@link #EMPTY}
   */
  public SlotState(
      LayerProblem problem,
      TokenIndex index,
      MicroBatchLoads loads,
      ObjectiveWeights weights,
      CopyLimits limits,
      int[] slots) {
    this.layout = problem.layout();
    this.loads = loads;
    this.weights = weights;
    this.limits = limits;
    this.traffic = new NodeTraffic(problem, index);
    int experts = problem.tokens().experts();
    this.slotToExpert = new int[layout.slots()];
    Arrays.fill(slotToExpert, EMPTY);
    this.copiesOn = new int[experts][layout.nodes()];
    this.gpuLoad = new float[layout.gpus()][loads.batches()];
    this.loadOnNode = new float[experts][layout.nodes()][];
    this.scale = loads.scale(layout.gpus());
    this.slowness = layout.topology().slowness(layout.gpus());
    this.dirty = new boolean[experts];
    this.dirtyExperts = new int[experts];
    this.missing = experts;
    for (int p = 0; p < slots.length; p++) {
      put(p, slots[p]);
    }
  }

  /** Makes a slot hold an expert, or {@link #EMPTY}. */
  public void put(int slot, int expert) {
    int before = slotToExpert[slot];
    if (before == expert) {
      return;
    }
    int node = layout.nodeOfSlot(slot);
    if (before != EMPTY) {
      touch(before);
      doubled -= others(slot, before) > 0 ? 1 : 0;
      if (--copiesOn[before][node] == 0 && Arrays.stream(copiesOn[before]).sum() == 0) {
        missing++;
      }
    }
    if (expert != EMPTY) {
      touch(expert);
    }
    slotToExpert[slot] = expert;
    if (expert != EMPTY) {
      if (Arrays.stream(copiesOn[expert]).sum() == 0) {
        missing--;
      }
      copiesOn[expert][node]++;
      doubled += others(slot, expert) > 0 ? 1 : 0;
    }
  }

  /** Copies of the expert on the slot's GPU, this slot aside. */
  private int others(int slot, int expert) {
    int first = layout.gpuOfSlot(slot) * layout.slotsPerGpu();
    int n = 0;
    for (int p = first; p < first + layout.slotsPerGpu(); p++) {
      n += p != slot && slotToExpert[p] == expert ? 1 : 0;
    }
    return n;
  }

  private void touch(int expert) {
    if (!dirty[expert]) {
      dirty[expert] = true;
      dirtyExperts[dirtyCount++] = expert;
      // While its copies change, none of them carries load.
      for (int p = 0; p < slotToExpert.length; p++) {
        if (slotToExpert[p] == expert) {
          takeLoad(p, expert);
        }
      }
      Arrays.fill(loadOnNode[expert], null);
    }
  }

  private void takeLoad(int slot, int expert) {
    float[] load = loadOnNode[expert][layout.nodeOfSlot(slot)];
    if (load != null) {
      float[] gpu = gpuLoad[layout.gpuOfSlot(slot)];
      float slow = slowness[layout.gpuOfSlot(slot)];
      for (int b = 0; b < gpu.length; b++) {
        gpu[b] -= load[b] * slow;
      }
    }
  }

  private void settle() {
    for (int i = 0; i < dirtyCount; i++) {
      int expert = dirtyExperts[i];
      dirty[expert] = false;
      traffic.reroute(expert, copiesOn[expert]);
      for (int p = 0; p < slotToExpert.length; p++) {
        if (slotToExpert[p] == expert) {
          giveLoad(p, expert);
        }
      }
    }
    dirtyCount = 0;
  }

  private void giveLoad(int slot, int expert) {
    int node = layout.nodeOfSlot(slot);
    float[] load = loadOnNode[expert][node];
    if (load == null) {
      load = new float[loads.batches()];
      loads.addCopyLoad(expert, node, copiesOn[expert], load);
      loadOnNode[expert][node] = load;
    }
    float[] gpu = gpuLoad[layout.gpuOfSlot(slot)];
    float slow = slowness[layout.gpuOfSlot(slot)];
    for (int b = 0; b < gpu.length; b++) {
      gpu[b] += load[b] * slow;
    }
  }

  /**
   * Experts without a copy, copies that share a GPU with another of their expert, and copies in a
   * slot that the limits forbid.
   */
  public int broken() {
    return missing + doubled + outOfLimits();
  }

  private int outOfLimits() {
    int out = 0;
    if (limits.oneNode()) {
      for (int[] nodes : copiesOn) {
        out += Math.max(0, (int) Arrays.stream(nodes).filter(n -> n > 0).count() - 1);
      }
    }
    if (limits.oncePerNode()) {
      for (int[] nodes : copiesOn) {
        out += Arrays.stream(nodes).map(n -> Math.max(0, n - 1)).sum();
      }
    }
    if (limits.ordered()) {
      int[] gpuOf = new int[copiesOn.length];
      Arrays.fill(gpuOf, EMPTY);
      for (int p = 0; p < slotToExpert.length; p++) {
        if (slotToExpert[p] != EMPTY) {
          gpuOf[slotToExpert[p]] = layout.gpuOfSlot(p);
        }
      }
      for (int e = 0; e < gpuOf.length; e++) {
        out += limits.allows(e, gpuOf[e], gpuOf) ? 0 : 1;
      }
    }
    return out;
  }

  /** Remote nodes that a token is sent to, each by the price of its link over the mean price. */
  public double remoteNodesPerToken() {
    settle();
    return traffic.remoteNodesPerToken();
  }

  /** Busiest over mean of the tokens that nodes receive over the whole sample. */
  public double maxOverMeanNodeReceive() {
    settle();
    return traffic.maxOverMeanReceive();
  }

  /** Mean over micro-batches of max/mean GPU load. */
  public double maxOverMeanGpuLoad() {
    settle();
    double sum = 0;
    for (int b = 0; b < scale.length; b++) {
      float max = 0;
      for (float[] gpu : gpuLoad) {
        max = Math.max(max, gpu[b]);
      }
      sum += max * scale[b];
    }
    return sum / scale.length;
  }

  /** The objective, in remote nodes per token. */
  public double objective() {
    return weights.objective(remoteNodesPerToken(), maxOverMeanGpuLoad(), maxOverMeanNodeReceive());
  }

  /**
   * @return shape [slots]: the logical expert in each slot, or {@link #EMPTY}
   */
  public int[] slots() {
    return slotToExpert.clone();
  }
}
