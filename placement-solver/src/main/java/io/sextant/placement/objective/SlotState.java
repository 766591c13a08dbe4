package io.sextant.placement.objective;

import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.ReplicaChoice;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.TokenIndex;
import io.sextant.placement.problem.Topology;
import java.util.Arrays;

/**
 * The exact objective of any assignment of experts to slots, kept up to date slot by slot.
 *
 * <p>Traffic, receive and load follow the evaluator's rule to the letter: a copy on the token's own
 * node, else one of the others by hash. Changes are gathered and worked in when the objective is
 * asked for, so a swap of two slots costs the tokens of its two experts once.
 */
public final class SlotState {
  /** Marks a slot that holds no expert. */
  public static final int EMPTY = -1;

  private final SlotLayout layout;
  private final LayerTokens tokens;
  private final TokenIndex index;
  private final MicroBatchLoads loads;
  private final ObjectiveWeights weights;
  private final int nodes;

  private final int[] slotToExpert;
  private final int[][] copiesOn;
  private final int[][] servedFrom;
  private final byte[] count;
  private final long[] received;
  private final float[][] gpuLoad;
  private final float[][][] loadOnNode;
  private final float[] scale;
  private final float[] slowness;
  private final Topology.LinkUnits links;

  private final boolean[] dirty;
  private final int[] dirtyExperts;
  private int dirtyCount;
  private int missing;
  private int doubled;

  public SlotState(
      LayerProblem problem,
      TokenIndex index,
      MicroBatchLoads loads,
      ObjectiveWeights weights,
      int[] slots) {
    this.layout = problem.layout();
    this.tokens = problem.tokens();
    this.index = index;
    this.loads = loads;
    this.weights = weights;
    this.nodes = layout.nodes();
    int experts = tokens.experts();
    this.slotToExpert = new int[layout.slots()];
    Arrays.fill(slotToExpert, EMPTY);
    this.copiesOn = new int[experts][nodes];
    this.servedFrom = new int[experts][];
    this.count = new byte[tokens.tokens() * nodes];
    this.received = new long[nodes];
    this.gpuLoad = new float[layout.gpus()][loads.batches()];
    this.loadOnNode = new float[experts][nodes][];
    this.scale = loads.scale(layout.gpus());
    this.slowness = layout.topology().slowness(layout.gpus());
    this.links = layout.topology().units(nodes);
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
      reroute(expert);
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

  /** The node of each copy in slot order: the list that a token's hash picks from. */
  private int[] copyNodes(int expert) {
    int[] on = copiesOn[expert];
    int[] list = new int[Arrays.stream(on).sum()];
    int i = 0;
    for (int n = 0; n < nodes; n++) {
      for (int c = 0; c < on[n]; c++) {
        list[i++] = n;
      }
    }
    return list;
  }

  private void reroute(int expert) {
    int[] was = servedFrom[expert];
    int[] is = copyNodes(expert);
    servedFrom[expert] = is;
    int wasMask = mask(was);
    int isMask = mask(is);
    int[] list = index.tokens();
    for (int i = index.from(expert), end = index.to(expert); i < end; i++) {
      int t = list[i];
      int s = tokens.sourceNode()[t];
      int from = node(was, wasMask, s, t, expert);
      int to = node(is, isMask, s, t, expert);
      if (from == to) {
        continue;
      }
      if (from >= 0 && --count[t * nodes + from] == 0) {
        received[from] -= links.of()[s * nodes + from];
      }
      if (to >= 0 && ++count[t * nodes + to] == 1) {
        received[to] += links.of()[s * nodes + to];
      }
    }
  }

  private static int mask(int[] copyNodes) {
    int mask = 0;
    if (copyNodes != null) {
      for (int n : copyNodes) {
        mask |= 1 << n;
      }
    }
    return mask;
  }

  /** The remote node that serves the expert to a token, or -1 where none is needed. */
  private static int node(int[] copyNodes, int mask, int source, int token, int expert) {
    if (mask == 0 || (mask >> source & 1) != 0) {
      return -1;
    }
    return copyNodes.length == 1
        ? copyNodes[0]
        : copyNodes[ReplicaChoice.hash(token, expert) % copyNodes.length];
  }

  /** Experts without a copy and copies that share a GPU with another of their expert. */
  public int broken() {
    return missing + doubled;
  }

  /** Remote nodes a token is sent to, each by the price of its link against the mean one. */
  public double remoteNodesPerToken() {
    settle();
    long sum = 0;
    for (long r : received) {
      sum += r;
    }
    return sum / (tokens.tokens() * links.mean());
  }

  /** Busiest over mean of the tokens nodes receive over the whole sample. */
  public double maxOverMeanNodeReceive() {
    settle();
    long sum = 0;
    long max = 0;
    for (long r : received) {
      sum += r;
      max = Math.max(max, r);
    }
    return sum == 0 ? 1 : max * (double) nodes / sum;
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

  /** What is minimised, in remote nodes per token. */
  public double objective() {
    return weights.objective(remoteNodesPerToken(), maxOverMeanGpuLoad(), maxOverMeanNodeReceive());
  }

  public int[] slots() {
    return slotToExpert.clone();
  }
}
