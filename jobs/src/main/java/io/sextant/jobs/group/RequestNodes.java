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
   * @param cost expected remote nodes per token and layer, shape [requests x nodes]
   * @return the node of each request, shape [requests]
   */
  byte[] route(double[] cost, BalancedRouter router) {
    byte[] nodeOf = new byte[requests.count()];
    for (int r = 0; r < nodeOf.length; r++) {
      int prefill = requests.prefill()[r];
      nodeOf[r] = (byte) router.route(cost, r * nodes, prefill);
      router.finished(requests.rows(r));
    }
    return nodeOf;
  }

  /**
   * Divides the sums over a request's prefill rows and layers by their number.
   *
   * @param sums shape [requests x nodes]
   */
  double[] perTokenLayer(int[] sums) {
    double[] cost = new double[sums.length];
    for (int i = 0; i < cost.length; i++) {
      cost[i] = sums[i] / (double) Math.max(1, requests.prefill()[i / nodes] * layers);
    }
    return cost;
  }

  /** Mean cost of the chosen nodes, per prefill row and layer. */
  double meanCost(int[] cost, byte[] nodeOf) {
    long sum = 0;
    long rows = 0;
    for (int r = 0; r < nodeOf.length; r++) {
      sum += cost[r * nodes + nodeOf[r]];
      rows += requests.prefill()[r];
    }
    return sum / (double) (rows * layers);
  }
}
