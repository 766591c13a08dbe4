package io.sextant.placement.grouping;

import java.util.Arrays;

/** Routes requests one by one, from the experts of their prefill rows in every layer. */
public final class RequestRouter {
  private final RouteCost[] layers;
  private final BalancedRouter balance;
  private final int[] cost;

  /**
   * @param nodes nodes a request can run on
   * @param nodesOfExpert shape [layers][experts]: bit n is set if node n holds a copy
   * @param prices shape [nodes]: prices to start from, in remote nodes per token-layer
   */
  public RequestRouter(int nodes, int[][] nodesOfExpert, double[] prices) {
    this.layers =
        Arrays.stream(nodesOfExpert)
            .map(masks -> new RouteCost(nodes, masks))
            .toArray(RouteCost[]::new);
    this.balance = new BalancedRouter(prices);
    this.cost = new int[nodes];
  }

  /**
   * Chooses a node; {@link #finished} may then say how long the request became.
   *
   * @param experts shape [layers][rows x topK], prefill rows first; later rows are not looked at
   */
  public int route(short[][] experts, int topK, int prefillTokens) {
    Arrays.fill(cost, 0);
    for (int l = 0; l < layers.length; l++) {
      layers[l].add(experts[l], topK, 0, prefillTokens, cost, 0);
    }
    return balance.route(cost, 0, prefillTokens * layers.length, prefillTokens);
  }

  /** Says how many tokens the request routed last had in the end. */
  public void finished(int tokens) {
    balance.finished(tokens);
  }
}
