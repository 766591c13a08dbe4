package io.sextant.placement.search;

import io.sextant.placement.anneal.Annealed;
import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.problem.CopyLimits;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Divides experts over nodes by simulated annealing on the exact number of remote nodes, with
 * penalties on nodes that compute or receive much more than the mean. Bounded by steps, so the same
 * seed gives the same answer on any machine.
 */
final class NodeAnnealer implements Annealed {
  private final NodePartition partition;
  private final double[] load;
  private final NodeBalance balance;
  private final int[] more;
  private final int[] expertsIn;
  private final double perToken;
  private final CopyLimits limits;
  private final int nodes;
  private double energy;
  private int[] bestHomes;

  /**
   * @param load shape [experts]: tokens of each expert
   * @param capacity shape [nodes]: each node's part of the cluster's speed, 1 for a mean one
   * @param perToken energy of one unit that the partition counts
   * @param limits the nodes that an expert may be in, given those of others
   */
  NodeAnnealer(
      NodePartition partition,
      double[] load,
      double[] capacity,
      double perToken,
      NodeObjective weights,
      CopyLimits limits) {
    this.partition = partition;
    this.load = load;
    this.nodes = capacity.length;
    this.limits = limits;
    this.perToken = perToken;
    this.balance = new NodeBalance(partition, capacity, Arrays.stream(load).sum(), weights);
    this.more = new int[nodes];
    this.expertsIn = new int[nodes + 1];
    for (int e = 0; e < load.length; e++) {
      int home = partition.home(e);
      expertsIn[home] += e < limits.experts() ? 1 : 0;
      addLoad(home, load[e]);
    }
  }

  /**
   * The tokens of an expert held everywhere are computed on the node they start on: on average
   * evenly.
   */
  private void addLoad(int home, double tokens) {
    if (home < nodes) {
      balance.add(home, tokens);
      return;
    }
    for (int n = 0; n < nodes; n++) {
      balance.add(n, tokens / nodes);
    }
  }

  /**
   * @return shape [experts]: the home of each expert when the energy was least, as in {@link
   *     NodePartition}
   */
  int[] run(Annealing annealing) {
    annealing.run(this);
    return bestHomes;
  }

  /** Two experts with different homes exchange them. */
  @Override
  public boolean propose(Annealing annealing) {
    SplittableRandom random = annealing.random();
    int a = random.nextInt(load.length);
    int b = random.nextInt(load.length);
    int i = partition.home(a);
    int j = partition.home(b);
    if (i == j
        || limits.related(a, b)
        || !partition.allows(a, j, limits)
        || !partition.allows(b, i, limits)
        || starves(i, a, b)
        || starves(j, b, a)) {
      return false;
    }
    double threshold = annealing.threshold();
    double loadDelta = loadDelta(a, b, i, j);
    // The bound leaves out the tokens that hold both experts: they can only make a swap worse.
    if (partition.swapBound(a, b) * perToken + loadDelta > threshold) {
      return false;
    }
    int intoI = partition.receivedDelta(a, b, i);
    int intoJ = partition.receivedDelta(b, a, j);
    Arrays.fill(more, 0);
    if (i < nodes) {
      more[i] = intoI;
    }
    if (j < nodes) {
      more[j] = intoJ;
    }
    double delta = (intoI + intoJ) * perToken + loadDelta + balance.receiveDelta(more);
    if (delta > threshold) {
      return false;
    }
    partition.swap(a, b);
    int shift = (b < limits.experts() ? 1 : 0) - (a < limits.experts() ? 1 : 0);
    expertsIn[i] += shift;
    expertsIn[j] -= shift;
    moveLoad(a, i, j);
    moveLoad(b, j, i);
    energy += delta;
    return true;
  }

  /** Whether a node would have too few experts if one left and another came. */
  private boolean starves(int node, int leaves, int comes) {
    return leaves < limits.experts()
        && comes >= limits.experts()
        && expertsIn[node] <= limits.fewestInNode();
  }

  /** Against the energy at the start. */
  @Override
  public double energy() {
    return energy;
  }

  @Override
  public void keep() {
    bestHomes = partition.homes();
  }

  private double loadDelta(int a, int b, int i, int j) {
    double shift = load[b] - load[a];
    // The growth of every node's share of an expert held everywhere.
    double each = i == nodes ? shift / nodes : j == nodes ? -shift / nodes : 0;
    double sum = 0;
    for (int n = 0; n < nodes; n++) {
      sum += balance.loadDelta(n, n == i ? shift + each : n == j ? -shift + each : each);
    }
    return sum;
  }

  private void moveLoad(int expert, int from, int to) {
    addLoad(from, -load[expert]);
    addLoad(to, load[expert]);
  }
}
