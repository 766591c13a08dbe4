package io.sextant.placement.search;

import io.sextant.placement.anneal.Annealed;
import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.anneal.Proposals;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Anneals the node sets of all experts together: two experts exchange their sets, two slots of
 * different nodes exchange their experts, or a copy gives its slot to another expert. Bounded by
 * steps; judged by the expected effect of the hash over copies; the best state is kept by exact
 * count.
 */
final class CopyAnnealer implements Annealed {
  /** A slot that is left for a second copy on the same node; no traffic depends on it. */
  static final int SPARE = -1;

  /**
   * A proposal that exceeds the threshold by more than this, in remote nodes per token, is rejected
   * before the tokens that hold both experts are counted: they hardly ever gain as much. Chosen
   * without a measurement.
   */
  private static final double MOST_TOGETHER_GAIN = 2e-3;

  /** The kinds of proposals with their shares of 8, chosen without a measurement. */
  private enum Kind implements Proposals.Weighted {
    /** Two experts exchange their sets of nodes. */
    EXCHANGE_SETS(4),
    /** Two slots of different nodes exchange their experts. */
    SWAP_SLOTS(2),
    /** A copy of an expert that has others gives its slot to another expert. */
    REPLACE_COPY(2);

    private final int weight;

    Kind(int weight) {
      this.weight = weight;
    }

    @Override
    public int weight() {
      return weight;
    }
  }

  private static final Proposals<Kind> KINDS = new Proposals<>(Kind.class);

  private final CopyPartition partition;
  private final LayerTokens layer;
  private final SlotLayout layout;
  private final NodeObjective weights;
  private final int nodes;
  private final SetLoads loads;
  private final int[][] slots;
  private int[][] bestSlots;
  private final double[] change;

  CopyAnnealer(
      CopyPartition partition,
      LayerTokens layer,
      SlotLayout layout,
      int[][] expertsOfNode,
      NodeObjective weights) {
    this.partition = partition;
    this.layer = layer;
    this.layout = layout;
    this.weights = weights;
    this.nodes = layout.nodes();
    this.loads = new SetLoads(layer, layout, partition.masks());
    this.change = new double[nodes];
    this.slots = new int[nodes][];
    for (int n = 0; n < nodes; n++) {
      slots[n] = expertsOfNode[n].clone();
      Arrays.sort(slots[n]);
      for (int i = slots[n].length - 1; i > 0; i--) {
        slots[n][i] = slots[n][i] == slots[n][i - 1] ? SPARE : slots[n][i];
      }
    }
  }

  /**
   * @return shape [nodes][slotsPerNode]: the distinct experts of each node when the energy was
   *     least, and {@link #SPARE}
   */
  int[][] run(Annealing annealing) {
    annealing.run(this);
    return bestSlots;
  }

  @Override
  public boolean propose(Annealing annealing) {
    double threshold = annealing.threshold();
    SplittableRandom random = annealing.random();
    Kind kind = KINDS.draw(random);
    int node = random.nextInt(nodes);
    int slot = random.nextInt(layout.slotsPerNode());
    int a = slots[node][slot];
    if (a == SPARE) {
      return false;
    }
    return switch (kind) {
      case EXCHANGE_SETS -> exchangeSets(a, random.nextInt(layer.experts()), threshold);
      case SWAP_SLOTS -> {
        int otherNode = random.nextInt(nodes);
        int otherSlot = random.nextInt(layout.slotsPerNode());
        yield swap(node, slot, otherNode, otherSlot, threshold);
      }
      case REPLACE_COPY -> replace(node, slot, random.nextInt(layer.experts()), threshold);
    };
  }

  private boolean exchangeSets(int a, int b, double threshold) {
    if (!change(a, partition.mask(b), b, partition.mask(a), threshold)) {
      return false;
    }
    for (int[] held : slots) {
      for (int i = 0; i < held.length; i++) {
        held[i] = held[i] == a ? b : held[i] == b ? a : held[i];
      }
    }
    return true;
  }

  private boolean swap(int n1, int p, int n2, int q, double threshold) {
    int a = slots[n1][p];
    int b = slots[n2][q];
    if (b == SPARE || (partition.mask(a) >>> n2 & 1) != 0 || (partition.mask(b) >>> n1 & 1) != 0) {
      return false;
    }
    long toA = (partition.mask(a) & ~(1L << n1)) | (1L << n2);
    long toB = (partition.mask(b) & ~(1L << n2)) | (1L << n1);
    if (!change(a, toA, b, toB, threshold)) {
      return false;
    }
    slots[n1][p] = b;
    slots[n2][q] = a;
    return true;
  }

  private boolean replace(int node, int slot, int b, double threshold) {
    int a = slots[node][slot];
    if (Long.bitCount(partition.mask(a)) < 2 || (partition.mask(b) >>> node & 1) != 0) {
      return false;
    }
    long toA = partition.mask(a) & ~(1L << node);
    long toB = partition.mask(b) | (1L << node);
    if (!change(a, toA, b, toB, threshold)) {
      return false;
    }
    slots[node][slot] = b;
    return true;
  }

  /** Gives two experts other sets of nodes if the threshold allows it. */
  private boolean change(int a, long toA, int b, long toB, double threshold) {
    if (a == b || toA == partition.mask(a) || !accepts(a, toA, b, toB, threshold)) {
      return false;
    }
    loads.commit();
    partition.assign(a, toA);
    partition.assign(b, toB);
    return true;
  }

  private boolean accepts(int a, long toA, int b, long toB, double threshold) {
    Arrays.fill(change, 0);
    partition.addExpected(a, toA, change);
    partition.addExpected(b, toB, change);
    double sum = 0;
    for (double c : change) {
      sum += c;
    }
    loads.trial(a, partition.mask(a), toA, b, partition.mask(b), toB);
    double perToken = partition.perToken();
    double loadDelta = 0;
    for (int n = 0; n < nodes; n++) {
      double excess = loads.excess(n);
      loadDelta +=
          weights.loadPenalty(excess + loads.excessChange(n)) - weights.loadPenalty(excess);
    }
    // The tokens that hold both seldom make an exchange better than the sum of its halves.
    if (sum * perToken + loadDelta > threshold + MOST_TOGETHER_GAIN) {
      return false;
    }
    partition.addTogether(a, toA, b, toB, change);
    double delta = loadDelta;
    double before = partition.remoteNodes();
    double after = before;
    for (double c : change) {
      after += c;
      delta += c * perToken;
    }
    if (before > 0 && after > 0) {
      for (int n = 0; n < nodes; n++) {
        double was = partition.received(n);
        delta +=
            weights.receivePenalty(nodes * (was + change[n]) / after - 1)
                - weights.receivePenalty(nodes * was / before - 1);
      }
    }
    return delta <= threshold;
  }

  @Override
  public double energy() {
    double total = partition.remoteNodes();
    double energy = partition.remoteNodesPerToken();
    for (int n = 0; n < nodes; n++) {
      energy += weights.loadPenalty(loads.excess(n));
      if (total > 0) {
        energy += weights.receivePenalty(nodes * partition.received(n) / total - 1);
      }
    }
    return energy;
  }

  @Override
  public void keep() {
    bestSlots = new int[nodes][];
    for (int n = 0; n < nodes; n++) {
      bestSlots[n] = slots[n].clone();
    }
  }
}
