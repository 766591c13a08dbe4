package io.sextant.placement.search;

import io.sextant.placement.anneal.Annealed;
import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.problem.CopyLimits;
import java.util.SplittableRandom;

/**
 * Divides experts over nodes by simulated annealing on the exact number of remote nodes, with
 * penalties on nodes that compute or receive much more than the mean. Bounded by steps, so the same
 * seed gives the same answer on any machine.
 */
final class NodeAnnealer implements Annealed {
  private final NodePartition partition;
  private final double[] load;
  private final double[] nodeLoad;
  private final double[] meanLoad;
  private final double perToken;
  private final NodeObjective weights;
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
    this.weights = weights;
    this.limits = limits;
    this.perToken = perToken;
    this.nodeLoad = new double[nodes];
    double sum = 0;
    for (int e = 0; e < load.length; e++) {
      sum += load[e];
      if (partition.home(e) < nodes) {
        nodeLoad[partition.home(e)] += load[e];
      } else {
        // The tokens of an expert held everywhere are computed on the node they start on: on
        // average evenly.
        for (int n = 0; n < nodes; n++) {
          nodeLoad[n] += load[e] / nodes;
        }
      }
    }
    this.meanLoad = new double[nodes];
    for (int n = 0; n < nodes; n++) {
      meanLoad[n] = sum / nodes * capacity[n];
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
        || !partition.allows(b, i, limits)) {
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
    double delta = (intoI + intoJ) * perToken + loadDelta + receiveDelta(i, j, intoI, intoJ);
    if (delta > threshold) {
      return false;
    }
    partition.swap(a, b);
    moveLoad(a, i, j);
    moveLoad(b, j, i);
    energy += delta;
    return true;
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
      double change = n == i ? shift + each : n == j ? -shift + each : each;
      if (change != 0) {
        double d = nodeLoad[n] / meanLoad[n] - 1;
        sum += weights.loadPenalty(d + change / meanLoad[n]) - weights.loadPenalty(d);
      }
    }
    return sum;
  }

  private void moveLoad(int expert, int from, int to) {
    for (int n = 0; n < nodes; n++) {
      if (from == nodes) {
        nodeLoad[n] -= load[expert] / nodes;
      } else if (n == from) {
        nodeLoad[n] -= load[expert];
      }
      if (to == nodes) {
        nodeLoad[n] += load[expert] / nodes;
      } else if (n == to) {
        nodeLoad[n] += load[expert];
      }
    }
  }

  /** Exact change of the penalties on the tokens nodes receive. */
  private double receiveDelta(int i, int j, int intoI, int intoJ) {
    double before = partition.remoteNodes();
    double after = before + intoI + intoJ;
    if (before == 0 || after == 0) {
      return 0;
    }
    double sum = 0;
    for (int n = 0; n < nodes; n++) {
      double was = partition.received(n);
      double is = was + (n == i ? intoI : n == j ? intoJ : 0);
      sum +=
          weights.receivePenalty(nodes * is / after - 1)
              - weights.receivePenalty(nodes * was / before - 1);
    }
    return sum;
  }
}
