package io.sextant.placement.grouping;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.router.Router;
import io.sextant.schema.spec.RouterKnowledge;

/**
 * Routes requests one by one. Not for several threads at once, because each request changes the
 * balance that the next one sees.
 */
public final class RequestRouter {
  private final RequestCost costs;
  private final BalancedRouter balance;
  private final double[] cost;

  /**
   * @param costs what a request is expected to cost on each node
   * @param prices shape [nodes]: prices to start from, in remote nodes per token-layer
   */
  public RequestRouter(RequestCost costs, double[] prices) {
    this.costs = costs;
    this.balance = new BalancedRouter(prices);
    this.cost = new double[prices.length];
  }

  /**
   * The router of a plan's files.
   *
   * @throws InvalidInputException if the files do not have what a router with this knowledge needs
   */
  public static RequestRouter of(Router router, RouterKnowledge knows) {
    return new RequestRouter(RequestCost.of(knows, router), router.table().prices());
  }

  /** Chooses a node; {@link #finished} may then say how long the request became. */
  public int route(RouterRequest request) {
    costs.of(request, cost);
    return balance.route(cost, 0, request.promptTokens());
  }

  /** Says how many tokens the request routed last had in the end. */
  public void finished(int tokens) {
    balance.finished(tokens);
  }
}
