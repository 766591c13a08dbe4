package io.sextant.placement.search;

import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Anneals all slots of a layer together, on traffic between nodes and on the load of GPUs at once:
 * two slots exchange their experts, a copy gives its slot to another expert, or two experts
 * exchange all their slots. Judged by the expected effect on traffic (exact where experts have one
 * copy) and the exact effect on load; bounded by steps.
 */
public final class SlotAnnealer {
  /** What a change of load can win at most, in max/mean over micro-batches: a quick first look. */
  private static final double MOST_LOAD_GAIN = 4e-3;

  /** Of 16 proposals, how many offer an expert of a busiest GPU another copy. */
  private static final int RELIEF = 4;

  private final SlotLayout layout;
  private final LayerTokens tokens;
  private final CopyPartition partition;
  private final GpuLoads loads;
  private final ObjectiveWeights weights;
  private final int nodes;
  private final int[] slots;
  private final double[] change;
  private final boolean[] inForce;
  private final int mostMoved;
  private int moved;
  private double imbalance;

  public SlotAnnealer(LayerContext context, int[] start) {
    this(context, start, start.length);
  }

  /**
   * @param start shape [slots]: where the search starts, and the map in force
   * @param mostMoved slots whose expert may come from another GPU than one that has it in force
   */
  public SlotAnnealer(LayerContext context, int[] start, int mostMoved) {
    this.layout = context.problem().layout();
    this.tokens = context.problem().tokens();
    this.weights = context.weights();
    this.nodes = layout.nodes();
    this.slots = start.clone();
    this.loads = new GpuLoads(layout, context.loads(), start);
    int[] masks = new int[tokens.experts()];
    for (int p = 0; p < start.length; p++) {
      masks[start[p]] |= 1 << layout.nodeOfSlot(p);
    }
    this.partition = new CopyPartition(tokens, context.index(), layout, masks);
    this.change = new double[nodes];
    this.imbalance = loads.imbalance();
    this.mostMoved = mostMoved;
    this.inForce = new boolean[layout.gpus() * tokens.experts()];
    for (int p = 0; p < start.length; p++) {
      inForce[layout.gpuOfSlot(p) * tokens.experts() + start[p]] = true;
    }
  }

  /** 1 if the slot's GPU would have to fetch the expert, else 0. */
  private int fetched(int slot, int expert) {
    return inForce[layout.gpuOfSlot(slot) * tokens.experts() + expert] ? 0 : 1;
  }

  /**
   * @return shape [slots]: the logical expert in each slot where the objective was best
   */
  public int[] run(long steps, double hot, double cold, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double cooling = Math.pow(cold / hot, 1.0 / Math.max(1, steps));
    double temperature = hot;
    double best = energy();
    int[] bestSlots = slots.clone();
    for (long step = 0; step < steps; step++, temperature *= cooling) {
      double threshold = -temperature * Math.log(1 - random.nextDouble());
      if (!propose(random, threshold)) {
        continue;
      }
      double energy = energy();
      if (energy < best - 1e-12) {
        best = energy;
        bestSlots = slots.clone();
      }
    }
    return bestSlots;
  }

  /**
   * Where the search stands, which at a high temperature is not the best that it saw.
   *
   * @return shape [slots]: the logical expert in each slot
   */
  public int[] slots() {
    return slots.clone();
  }

  private boolean propose(SplittableRandom random, double threshold) {
    int kind = random.nextInt(16);
    int p;
    if (kind < 10) {
      int hot = loads.busiest(random.nextInt(loads.batches()));
      p = hot * layout.slotsPerGpu() + random.nextInt(layout.slotsPerGpu());
    } else {
      p = random.nextInt(slots.length);
    }
    int a = slots[p];
    if (kind == 15) {
      int b = random.nextInt(tokens.experts());
      return a != b && exchangeExperts(a, b, threshold);
    }
    if (kind < RELIEF) {
      return relieve(a, random.nextInt(slots.length), threshold);
    }
    if (kind == 14) {
      int b = random.nextInt(tokens.experts());
      return a != b
          && loads.slotsOf(a).length > 1
          && !holds(layout.gpuOfSlot(p), b)
          && replace(p, b, threshold);
    }
    int q;
    if (kind < 6) {
      int perNode = layout.slotsPerNode();
      q = layout.nodeOfSlot(p) * perNode + random.nextInt(perNode);
    } else {
      q = random.nextInt(slots.length);
    }
    int g = layout.gpuOfSlot(p);
    int h = layout.gpuOfSlot(q);
    int b = slots[q];
    return g != h && a != b && !holds(g, b) && !holds(h, a) && swap(p, q, threshold);
  }

  /** A copy of an expert of a busiest GPU takes the slot of one that has others. */
  private boolean relieve(int hot, int q, double threshold) {
    int redundant = slots[q];
    return redundant != hot
        && loads.slotsOf(redundant).length > 1
        && !holds(layout.gpuOfSlot(q), hot)
        && replace(q, hot, threshold);
  }

  private boolean holds(int gpu, int expert) {
    for (int p = gpu * layout.slotsPerGpu(), end = p + layout.slotsPerGpu(); p < end; p++) {
      if (slots[p] == expert) {
        return true;
      }
    }
    return false;
  }

  private boolean swap(int p, int q, double threshold) {
    int a = slots[p];
    int b = slots[q];
    int more = fetched(p, b) + fetched(q, a) - fetched(p, a) - fetched(q, b);
    if (moved + more > mostMoved) {
      return false;
    }
    if (!accepts(a, with(loads.slotsOf(a), p, q), b, with(loads.slotsOf(b), q, p), threshold)) {
      return false;
    }
    slots[p] = b;
    slots[q] = a;
    moved += more;
    return true;
  }

  private boolean replace(int p, int b, double threshold) {
    int a = slots[p];
    int more = fetched(p, b) - fetched(p, a);
    if (moved + more > mostMoved) {
      return false;
    }
    int[] ofA = loads.slotsOf(a);
    int[] left = new int[ofA.length - 1];
    int n = 0;
    for (int slot : ofA) {
      if (slot != p) {
        left[n++] = slot;
      }
    }
    int[] ofB = loads.slotsOf(b);
    int[] added = Arrays.copyOf(ofB, ofB.length + 1);
    added[ofB.length] = p;
    Arrays.sort(added);
    if (!accepts(a, left, b, added, threshold)) {
      return false;
    }
    slots[p] = b;
    moved += more;
    return true;
  }

  private boolean exchangeExperts(int a, int b, double threshold) {
    int[] ofA = loads.slotsOf(a);
    int[] ofB = loads.slotsOf(b);
    int more = 0;
    for (int p : ofA) {
      more += fetched(p, b) - fetched(p, a);
    }
    for (int p : ofB) {
      more += fetched(p, a) - fetched(p, b);
    }
    if (moved + more > mostMoved || !accepts(a, ofB, b, ofA, threshold)) {
      return false;
    }
    moved += more;
    for (int p : ofA) {
      slots[p] = b;
    }
    for (int p : ofB) {
      slots[p] = a;
    }
    return true;
  }

  private static int[] with(int[] list, int out, int in) {
    int[] changed = list.clone();
    for (int i = 0; i < changed.length; i++) {
      if (changed[i] == out) {
        changed[i] = in;
      }
    }
    Arrays.sort(changed);
    return changed;
  }

  private int mask(int[] list) {
    int mask = 0;
    for (int p : list) {
      mask |= 1 << layout.nodeOfSlot(p);
    }
    return mask;
  }

  private boolean accepts(int a, int[] slotsA, int b, int[] slotsB, double threshold) {
    int toA = mask(slotsA);
    int toB = mask(slotsB);
    boolean moves = toA != partition.mask(a) || toB != partition.mask(b);
    double apart = 0;
    double perToken = partition.perToken();
    if (moves) {
      Arrays.fill(change, 0);
      partition.addExpected(a, toA, change);
      partition.addExpected(b, toB, change);
      for (double c : change) {
        apart += c * perToken;
      }
      if (apart > threshold + MOST_LOAD_GAIN * Math.max(1, weights.gpuLoad())) {
        return false;
      }
    }
    double trial = loads.trial(a, slotsA, b, slotsB);
    double delta = weights.gpuLoad() * (trial - imbalance);
    // The tokens that hold both seldom make an exchange better than the sum of its halves.
    if (delta + apart > threshold) {
      return false;
    }
    if (moves) {
      partition.addTogether(a, toA, b, toB, change);
      double before = partition.remoteNodes();
      double after = before;
      for (double c : change) {
        after += c;
        delta += c * perToken;
      }
      for (int n = 0; n < nodes && before > 0 && after > 0; n++) {
        double was = partition.received(n);
        delta +=
            receivePenalty(nodes * (was + change[n]) / after)
                - receivePenalty(nodes * was / before);
      }
      if (delta > threshold) {
        return false;
      }
    }
    loads.commit();
    imbalance = trial;
    if (moves) {
      partition.assign(a, toA);
      partition.assign(b, toB);
    }
    return true;
  }

  private double receivePenalty(double overMean) {
    double excess = overMean - 1;
    return excess > 0 ? weights.nodeReceive() * excess * excess : 0;
  }

  private double energy() {
    double total = partition.remoteNodes();
    double energy = partition.remoteNodesPerToken() + weights.gpuLoad() * imbalance;
    for (int n = 0; n < nodes && total > 0; n++) {
      energy += receivePenalty(nodes * partition.received(n) / total);
    }
    return energy;
  }
}
