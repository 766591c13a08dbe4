package io.sextant.placement.grouping;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.router.Router;
import io.sextant.schema.router.RouterTable;
import io.sextant.schema.spec.RouterKnowledge;
import io.sextant.schema.trace.RequestTrace;

/**
 * Routes requests one by one. Not for several threads at once, because each request changes the
 * balance that the next one sees.
 */
public final class RequestRouter {
  private final RequestCost costs;
  private final BalancedRouter balance;
  private final double[] cost;
  private final boolean decodesAlone;
  private int promptElsewhere;

  /**
   * @param costs what a request is expected to cost on each node
   * @param table prices to start from, and the phases that the nodes serve
   */
  private RequestRouter(RequestCost costs, RouterTable table) {
    this.costs = costs;
    this.balance = new BalancedRouter(table.prices());
    this.cost = new double[table.nodes()];
    this.decodesAlone = table.decodesAlone();
  }

  /**
   * The router of a plan's files.
   *
   * @throws InvalidInputException if the files do not have what a router with this knowledge needs
   */
  public static RequestRouter of(Router router, RouterKnowledge knows) {
    return new RequestRouter(RequestCost.of(knows, router), router.table());
  }

  /** Whether a request comes to the nodes; one that ends with its prefill never decodes. */
  public boolean serves(RequestTrace request) {
    return !decodesAlone || request.decodeTokens() > 0;
  }

  /** Chooses a node; {@link #finished} may then say how long the request became. */
  public int route(RouterRequest request) {
    costs.of(request, cost);
    promptElsewhere = decodesAlone ? request.promptTokens() : 0;
    return balance.route(cost, 0, request.promptTokens() - promptElsewhere);
  }

  /** Says how many tokens the request routed last had in the end, with its prompt. */
  public void finished(int tokens) {
    balance.finished(tokens - promptElsewhere);
  }
}
