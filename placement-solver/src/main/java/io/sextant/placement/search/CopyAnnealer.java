package io.sextant.placement.search;

import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Anneals the node sets of all experts together: two experts exchange their sets, two slots of
 * different nodes exchange their experts, or a copy gives its slot to another expert. Bounded by
 * steps; judged by expectation, kept by exact count.
 */
final class CopyAnnealer {
  /** A slot that is left for a second copy on the same node, which no traffic depends on. */
  static final int SPARE = -1;

  private final CopyPartition partition;
  private final LayerTokens layer;
  private final SlotLayout layout;
  private final NodeObjective weights;
  private final int nodes;
  private final double[][] loadFrom;
  private final double[] load;
  private final double[] nodeLoad;
  private final double[] meanLoad;
  private final int[][] slots;
  private final double[] change;
  private final double[] loadChange;

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
    this.loadFrom = new double[layer.experts()][nodes];
    this.load = new double[layer.experts()];
    int k = layer.topK();
    for (int i = 0; i < layer.ids().length; i++) {
      loadFrom[layer.ids()[i]][layer.sourceNode()[i / k]]++;
      load[layer.ids()[i]]++;
    }
    this.meanLoad = layout.topology().capacity(layout);
    for (int n = 0; n < nodes; n++) {
      meanLoad[n] *= layer.ids().length / (double) nodes;
    }
    this.nodeLoad = new double[nodes];
    this.change = new double[nodes];
    this.loadChange = new double[nodes];
    this.slots = new int[nodes][];
    for (int n = 0; n < nodes; n++) {
      slots[n] = expertsOfNode[n].clone();
      Arrays.sort(slots[n]);
      for (int i = slots[n].length - 1; i > 0; i--) {
        slots[n][i] = slots[n][i] == slots[n][i - 1] ? SPARE : slots[n][i];
      }
    }
    for (int e = 0; e < layer.experts(); e++) {
      addLoad(e, partition.mask(e), 1, nodeLoad);
    }
  }

  private void addLoad(int expert, int set, int sign, double[] into) {
    int copies = Integer.bitCount(set);
    if (copies == 0) {
      return;
    }
    double elsewhere = load[expert];
    for (int left = set; left != 0; left &= left - 1) {
      elsewhere -= loadFrom[expert][Integer.numberOfTrailingZeros(left)];
    }
    for (int left = set; left != 0; left &= left - 1) {
      int n = Integer.numberOfTrailingZeros(left);
      into[n] += sign * (loadFrom[expert][n] + elsewhere / copies);
    }
  }

  /**
   * @return shape [nodes][slotsPerNode]: the distinct experts of each node, and {@link #SPARE}
   */
  int[][] run(long steps, double hot, double cold, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int experts = layer.experts();
    int perNode = layout.slotsPerNode();
    double cooling = Math.pow(cold / hot, 1.0 / Math.max(1, steps));
    double temperature = hot;
    double best = energy();
    int[][] bestSlots = copy();
    for (long step = 0; step < steps; step++, temperature *= cooling) {
      double threshold = -temperature * Math.log(1 - random.nextDouble());
      int kind = random.nextInt(8);
      int a;
      int b;
      int toA;
      int toB;
      int n1 = random.nextInt(nodes);
      int p = random.nextInt(perNode);
      int n2 = -1;
      int q = -1;
      a = slots[n1][p];
      if (a == SPARE) {
        continue;
      }
      if (kind < 4) {
        b = random.nextInt(experts);
        toA = partition.mask(b);
        toB = partition.mask(a);
      } else if (kind < 6) {
        n2 = random.nextInt(nodes);
        q = random.nextInt(perNode);
        b = slots[n2][q];
        if (b == SPARE
            || (partition.mask(a) >>> n2 & 1) != 0
            || (partition.mask(b) >>> n1 & 1) != 0) {
          continue;
        }
        toA = (partition.mask(a) & ~(1 << n1)) | (1 << n2);
        toB = (partition.mask(b) & ~(1 << n2)) | (1 << n1);
      } else {
        b = random.nextInt(experts);
        if (Integer.bitCount(partition.mask(a)) < 2 || (partition.mask(b) >>> n1 & 1) != 0) {
          continue;
        }
        toA = partition.mask(a) & ~(1 << n1);
        toB = partition.mask(b) | (1 << n1);
      }
      if (a == b || toA == partition.mask(a)) {
        continue;
      }
      if (!accepts(a, toA, b, toB, threshold)) {
        continue;
      }
      if (kind < 4) {
        exchange(a, b);
      } else if (kind < 6) {
        slots[n1][p] = b;
        slots[n2][q] = a;
      } else {
        slots[n1][p] = b;
      }
      for (int n = 0; n < nodes; n++) {
        nodeLoad[n] += loadChange[n];
      }
      partition.assign(a, toA);
      partition.assign(b, toB);
      double energy = energy();
      if (energy < best - 1e-12) {
        best = energy;
        bestSlots = copy();
      }
    }
    return bestSlots;
  }

  private void exchange(int a, int b) {
    for (int[] held : slots) {
      for (int i = 0; i < held.length; i++) {
        held[i] = held[i] == a ? b : held[i] == b ? a : held[i];
      }
    }
  }

  private boolean accepts(int a, int toA, int b, int toB, double threshold) {
    Arrays.fill(change, 0);
    partition.addExpected(a, toA, change);
    partition.addExpected(b, toB, change);
    double sum = 0;
    for (double c : change) {
      sum += c;
    }
    Arrays.fill(loadChange, 0);
    addLoad(a, partition.mask(a), -1, loadChange);
    addLoad(b, partition.mask(b), -1, loadChange);
    addLoad(a, toA, 1, loadChange);
    addLoad(b, toB, 1, loadChange);
    double perToken = partition.perToken();
    double loadDelta = 0;
    for (int n = 0; n < nodes; n++) {
      double d = nodeLoad[n] / meanLoad[n] - 1;
      loadDelta += weights.loadPenalty(d + loadChange[n] / meanLoad[n]) - weights.loadPenalty(d);
    }
    // The tokens that hold both seldom make an exchange better than the sum of its halves.
    if (sum * perToken + loadDelta > threshold + 2e-3) {
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

  private double energy() {
    double total = partition.remoteNodes();
    double energy = partition.remoteNodesPerToken();
    for (int n = 0; n < nodes; n++) {
      energy += weights.loadPenalty(nodeLoad[n] / meanLoad[n] - 1);
      if (total > 0) {
        energy += weights.receivePenalty(nodes * partition.received(n) / total - 1);
      }
    }
    return energy;
  }

  private int[][] copy() {
    int[][] copy = new int[nodes][];
    for (int n = 0; n < nodes; n++) {
      copy[n] = slots[n].clone();
    }
    return copy;
  }
}
