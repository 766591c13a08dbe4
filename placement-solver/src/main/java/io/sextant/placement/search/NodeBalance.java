package io.sextant.placement.search;

/** The penalties on nodes that compute or receive much more than the mean, and their changes. */
final class NodeBalance {
  private final NodePartition partition;
  private final NodeObjective weights;
  private final double[] load;
  private final double[] mean;

  /**
   * @param capacity shape [nodes]: each node's part of the cluster's speed, 1 for a mean one
   * @param total tokens that all nodes compute
   */
  NodeBalance(NodePartition partition, double[] capacity, double total, NodeObjective weights) {
    this.partition = partition;
    this.weights = weights;
    this.load = new double[capacity.length];
    this.mean = new double[capacity.length];
    for (int n = 0; n < mean.length; n++) {
      mean[n] = total / mean.length * capacity[n];
    }
  }

  /** Adds tokens that a node computes. */
  void add(int node, double tokens) {
    load[node] += tokens;
  }

  /** Change of the penalties on computed tokens if a node had so many more. */
  double loadDelta(int node, double more) {
    if (more == 0) {
      return 0;
    }
    double excess = load[node] / mean[node] - 1;
    return weights.loadPenalty(excess + more / mean[node]) - weights.loadPenalty(excess);
  }

  /**
   * Exact change of the penalties on received tokens.
   *
   * @param more shape [nodes]: the tokens that each node would receive more
   */
  double receiveDelta(int[] more) {
    double before = partition.remoteNodes();
    double after = before;
    for (int m : more) {
      after += m;
    }
    if (before == 0 || after == 0) {
      return 0;
    }
    int nodes = load.length;
    double sum = 0;
    for (int n = 0; n < nodes; n++) {
      double was = partition.received(n);
      sum +=
          weights.receivePenalty(nodes * (was + more[n]) / after - 1)
              - weights.receivePenalty(nodes * was / before - 1);
    }
    return sum;
  }
}
