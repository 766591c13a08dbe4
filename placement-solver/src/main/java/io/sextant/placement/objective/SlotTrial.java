package io.sextant.placement.objective;

import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;

/**
 * The slots that one expert would have, with the load of the copy in each; used again and again.
 */
final class SlotTrial {
  private final SlotLayout layout;
  private final float[][][] demand;
  private final float most;
  private final int nodes;
  private final int batches;
  private final int[] copiesOn;
  private final float[][] onNode;
  private final float[] elsewhere;

  private int expert;
  private int[] slots;
  private float[][] load = new float[0][];
  private boolean fresh;

  /**
   * @param demand shape [experts][nodes][batches]: tokens of each expert by the node they start on
   * @param most the largest load that a copy can have in a micro-batch
   */
  SlotTrial(SlotLayout layout, float[][][] demand, float most, int batches) {
    this.layout = layout;
    this.demand = demand;
    this.most = most;
    this.nodes = layout.nodes();
    this.batches = batches;
    this.copiesOn = new int[nodes];
    this.onNode = new float[nodes][batches];
    this.elsewhere = new float[batches];
  }

  int expert() {
    return expert;
  }

  int[] slots() {
    return slots;
  }

  /** Shape [batches]: load of the copy in the slot of this index; overwritten by the next trial. */
  float[] load(int index) {
    return load[index];
  }

  /** Whether any copy's load differs from what it was. */
  boolean fresh() {
    return fresh;
  }

  /**
   * @param slots shape [copies], ascending
   * @param heldSlots shape [copies], ascending: the expert's slots as they are
   * @param heldLoad shape [copies][batches]: the loads of its copies as they are; null if unknown
   */
  void prepare(int expert, int[] slots, int[] heldSlots, float[][] heldLoad) {
    this.expert = expert;
    this.slots = slots;
    if (load.length < slots.length) {
      load = new float[slots.length][];
    }
    fresh = heldLoad == null || !sameNodes(heldSlots, slots);
    if (!fresh) {
      // Copies that stay on their nodes, or a single copy wherever it goes, keep their loads.
      System.arraycopy(heldLoad, 0, load, 0, slots.length);
      return;
    }
    Arrays.fill(copiesOn, 0);
    for (int p : slots) {
      copiesOn[layout.nodeOfSlot(p)]++;
    }
    Arrays.fill(elsewhere, 0);
    for (int s = 0; s < nodes; s++) {
      if (copiesOn[s] == 0) {
        GpuLoads.add(elsewhere, demand[expert][s], 1);
      }
    }
    float share = 1f / slots.length;
    for (int n = 0; n < nodes; n++) {
      if (copiesOn[n] > 0) {
        float[] own = demand[expert][n];
        float[] ofCopy = onNode[n];
        float ownShare = 1f / copiesOn[n];
        for (int b = 0; b < batches; b++) {
          ofCopy[b] = Math.min(most, own[b] * ownShare + elsewhere[b] * share);
        }
      }
    }
    for (int i = 0; i < slots.length; i++) {
      load[i] = onNode[layout.nodeOfSlot(slots[i])];
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

  /** Shape [copies][batches]: the loads to be held from now on, given those held before. */
  float[][] kept() {
    float[][] kept = Arrays.copyOf(load, slots.length);
    for (int i = 0; i < kept.length && fresh; i++) {
      kept[i] = load[i].clone();
    }
    return kept;
  }
}
