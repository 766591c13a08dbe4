package io.sextant.jobs.group;

import io.sextant.placement.grouping.BalancedRouter;

/**
 * Assigns requests to nodes one after the other, as a router in service does.
 *
 * @param requests the requests, in arrival order
 * @param layers MoE layers of the model
 * @param nodes nodes of the cluster
 */
record RequestNodes(Requests requests, int layers, int nodes) {

  /**
   * @param cost expected traffic per token and layer, shape [requests x nodes]
   * @return the node of each request, shape [requests]
   */
  byte[] route(double[] cost, BalancedRouter router) {
    byte[] nodeOf = new byte[requests.count()];
    for (int r = 0; r < nodeOf.length; r++) {
      nodeOf[r] = (byte) router.route(cost, r * nodes, requests.promptOnNode(r));
      router.finished(requests.rowsOnNode(r));
    }
    return nodeOf;
  }

  /**
   * Divides the sums over the rows that a request is learned from, and layers, by their number.
   *
   * @param sums shape [requests x nodes]
   */
  double[] perTokenLayer(int[] sums) {
    double[] cost = new double[sums.length];
    for (int i = 0; i < cost.length; i++) {
      cost[i] = sums[i] / (double) Math.max(1, requests.learnedRows(i / nodes) * layers);
    }
    return cost;
  }

  /** The same for a router by prefill, which knows nothing of a request without prefill rows. */
  double[] ofPrefill(int[] sums) {
    double[] cost = perTokenLayer(sums);
    for (int i = 0; i < cost.length; i++) {
      cost[i] = requests.prefill()[i / nodes] == 0 ? 0 : cost[i];
    }
    return cost;
  }

  /** Mean cost of the chosen nodes, per row that is learned from and layer. */
  double meanCost(int[] cost, byte[] nodeOf) {
    long sum = 0;
    long rows = 0;
    for (int r = 0; r < nodeOf.length; r++) {
      sum += cost[r * nodes + nodeOf[r]];
      rows += requests.learnedRows(r);
    }
    return sum / (double) Math.max(1, rows * layers);
  }
}
