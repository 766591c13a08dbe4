package io.sextant.placement.search;

import io.sextant.placement.anneal.Annealed;
import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.objective.FlowLoads;
import io.sextant.placement.objective.MicroBatchLoads;
import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Arranges the copies within each node for an engine that solves a linear program for each batch:
 * it splits the tokens of every expert over its copies so that the busiest GPU has least. All
 * copies of an expert are in one node, so the program falls apart into one for each node, and its
 * value is known without solving it: the largest mean over a set of GPUs of the tokens that only
 * the GPUs of the set can compute (the condition of Hall's theorem, for fractions). The sums over
 * all sets of a node's GPUs come from one pass over them (Yates 1937).
 */
public final class FlowPacker implements Annealed {
  /** With more GPUs in a node there are too many sets of them. */
  private static final int MOST_GPUS = 8;

  private static final float[] NONE = {};

  private final SlotLayout layout;
  private final int batches;
  private final float[][] load;
  private final float[] scale;
  private final float[] perGpu;
  private final int[] slots;
  private final float[][] value;
  private final float[][] subset;
  private float[] trial;
  private double energy;
  private int[] bestSlots;

  /**
   * @param context a layer whose copies are limited to one node
   * @param start shape [slots]: the logical expert in each slot
   */
  public FlowPacker(LayerContext context, int[] start) {
    if (!context.limits().oneNode()) {
      throw new IllegalArgumentException("Copies of an expert must be in one node");
    }
    this.layout = context.problem().layout();
    this.slots = start.clone();
    MicroBatchLoads loads = context.loads().spaced(FlowLoads.MOST_BATCHES);
    this.batches = loads.batches();
    this.load = new float[loads.experts()][batches];
    this.scale = loads.scale(layout.gpus());
    for (int e = 0; e < load.length; e++) {
      for (int b = 0; b < batches; b++) {
        load[e][b] = loads.tokens(b, e);
      }
    }
    this.perGpu = new float[1 << layout.gpusPerNode()];
    for (int set = 1; set < perGpu.length; set++) {
      perGpu[set] = 1f / Integer.bitCount(set);
    }
    this.subset = new float[perGpu.length][batches];
    this.value = new float[layout.nodes()][];
    for (int n = 0; n < layout.nodes(); n++) {
      value[n] = evaluate(n, new float[batches]);
    }
    this.trial = new float[batches];
    this.energy = imbalance(-1, NONE);
  }

  /** Whether a layer is of a kind that can be packed so. */
  public static boolean fits(SlotLayout layout) {
    return layout.gpusPerNode() > 1
        && layout.gpusPerNode() <= MOST_GPUS
        && layout.topology().gpuSpeed().isEmpty();
  }

  /**
   * @return shape [slots]: the logical expert in each slot when the imbalance was least
   */
  public int[] run(Annealing annealing) {
    annealing.run(this);
    return bestSlots;
  }

  @Override
  public boolean propose(Annealing annealing) {
    SplittableRandom random = annealing.random();
    int node = busiest(random.nextInt(batches));
    int first = node * layout.slotsPerNode();
    int p = first + random.nextInt(layout.slotsPerNode());
    int q = first + random.nextInt(layout.slotsPerNode());
    boolean swap = random.nextBoolean();
    double threshold = annealing.threshold();
    int a = slots[p];
    int b = slots[q];
    int g = layout.gpuOfSlot(p);
    int h = layout.gpuOfSlot(q);
    if (g == h || a == b || holds(g, b) || (swap ? holds(h, a) : single(node, a))) {
      return false;
    }
    slots[p] = b;
    slots[q] = swap ? a : b;
    float[] changed = evaluate(node, trial);
    double after = imbalance(node, changed);
    if (after - energy > threshold) {
      slots[p] = a;
      slots[q] = b;
      return false;
    }
    trial = value[node];
    value[node] = changed;
    energy = after;
    return true;
  }

  @Override
  public double energy() {
    return energy;
  }

  @Override
  public void keep() {
    bestSlots = slots.clone();
  }

  /** Loads are sums of floats. */
  @Override
  public double leastGain() {
    return 1e-9;
  }

  private boolean holds(int gpu, int expert) {
    int from = gpu * layout.slotsPerGpu();
    for (int p = from; p < from + layout.slotsPerGpu(); p++) {
      if (slots[p] == expert) {
        return true;
      }
    }
    return false;
  }

  private boolean single(int node, int expert) {
    int copies = 0;
    for (int p = node * layout.slotsPerNode(), end = p + layout.slotsPerNode(); p < end; p++) {
      copies += slots[p] == expert ? 1 : 0;
    }
    return copies == 1;
  }

  private int busiest(int batch) {
    int most = 0;
    for (int n = 1; n < value.length; n++) {
      most = value[n][batch] > value[most][batch] ? n : most;
    }
    return most;
  }

  /** Mean over micro-batches of max/mean GPU load, with other values for one node. */
  private double imbalance(int node, float[] changed) {
    double sum = 0;
    for (int b = 0; b < batches; b++) {
      float max = 0;
      for (int n = 0; n < value.length; n++) {
        max = Math.max(max, n == node ? changed[b] : value[n][b]);
      }
      sum += max * scale[b];
    }
    return sum / batches;
  }

  /**
   * The load of a node's busiest GPU in each micro-batch.
   *
   * @param into shape [batches], overwritten and returned
   */
  private float[] evaluate(int node, float[] into) {
    for (float[] sums : subset) {
      Arrays.fill(sums, 0);
    }
    int first = node * layout.slotsPerNode();
    for (int p = first; p < first + layout.slotsPerNode(); p++) {
      int set = 0;
      boolean seen = false;
      for (int q = first; q < first + layout.slotsPerNode(); q++) {
        if (slots[q] == slots[p]) {
          seen |= q < p;
          set |= 1 << ((q - first) / layout.slotsPerGpu());
        }
      }
      if (!seen) {
        add(subset[set], load[slots[p]]);
      }
    }
    for (int bit = 1; bit < subset.length; bit <<= 1) {
      for (int set = 0; set < subset.length; set++) {
        if ((set & bit) != 0) {
          add(subset[set], subset[set ^ bit]);
        }
      }
    }
    Arrays.fill(into, 0);
    for (int set = 1; set < subset.length; set++) {
      float[] sums = subset[set];
      float share = perGpu[set];
      for (int b = 0; b < batches; b++) {
        into[b] = Math.max(into[b], sums[b] * share);
      }
    }
    return into;
  }

  private static void add(float[] into, float[] values) {
    for (int b = 0; b < into.length; b++) {
      into[b] += values[b];
    }
  }
}
