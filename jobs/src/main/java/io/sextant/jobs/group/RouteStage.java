package io.sextant.jobs.group;

import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.window.PlanningSample;
import io.sextant.jobs.window.RequestRoutes;
import io.sextant.jobs.window.RoutingRow;
import io.sextant.jobs.window.WindowRequests;
import io.sextant.placement.grouping.BalancedRouter;
import io.sextant.placement.grouping.RequestCost;
import io.sextant.placement.grouping.RouterRequest;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.router.Router;
import io.sextant.schema.spec.RouterKnowledge;
import org.apache.spark.sql.Dataset;

/**
 * Assigns the requests of a window to nodes, as a router in service does.
 *
 * @param window the requests of the window
 */
public record RouteStage(PlanTarget target, WindowRequests window) {

  /**
   * @param rows rows with prompts, sorted by {@link PlanningSample#inOrder}
   * @return the nodes of the requests, in arrival order
   * @throws InvalidInputException if the layers do not hold the same requests, or the table of
   *     requests lacks one
   */
  public RequestRoutes run(Dataset<RoutingRow> rows, Router router) {
    try (GatheredLayers layers = new GatheredLayers(target.shape(), rows)) {
      Requests requests = layers.requests();
      int nodes = target.layout().nodes();
      RequestNodes routing = new RequestNodes(requests, target.model().moeLayers().size(), nodes);
      double[] costs =
          router.table().knows() == RouterKnowledge.PREFILL
              ? routing.ofPrefill(layers.costs(router.table().nodesOfExpert()))
              : expected(requests, router);
      byte[] nodeOf = routing.route(costs, new BalancedRouter(router.table().prices()));
      RequestRoutes routes = new RequestRoutes();
      for (int r = 0; r < nodeOf.length; r++) {
        routes.add(requests.keys()[r], nodeOf[r]);
      }
      return routes;
    }
  }

  /** What the router expects each request to cost; shape [requests x nodes]. */
  private double[] expected(Requests requests, Router router) {
    RequestCost costs = RequestCost.of(router.table().knows(), router);
    int nodes = target.layout().nodes();
    Prompts prompts =
        Prompts.of(
            requests,
            window
                .rows()
                .orElseThrow(
                    () ->
                        InvalidInputException.of(
                            "requests of " + window.describe(),
                            "the warehouse does not have the table requests",
                            "Ingest the traces into a new warehouse")));
    double[] all = new double[requests.count() * nodes];
    double[] cost = new double[nodes];
    for (int r = 0; r < requests.count(); r++) {
      costs.of(
          new RouterRequest(
              prompts.labels()[r], prompts.tokenIds()[r], requests.prefill()[r], null, 0),
          cost);
      System.arraycopy(cost, 0, all, r * nodes, nodes);
    }
    return all;
  }
}
