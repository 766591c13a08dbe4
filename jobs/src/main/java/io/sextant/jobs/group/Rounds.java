package io.sextant.jobs.group;

import io.sextant.jobs.serving.PlanTarget;
import io.sextant.placement.grouping.BalancedRouter;
import io.sextant.placement.grouping.RouteCost;
import java.util.Arrays;

/** Rounds of grouping: experts are placed for the groups, then every request is routed again. */
final class Rounds {
  private final PlanTarget target;
  private final GatheredLayers layers;
  private final RequestNodes router;

  Rounds(PlanTarget target, GatheredLayers layers) {
    this.target = target;
    this.layers = layers;
    this.router =
        new RequestNodes(
            layers.requests(), target.model().moeLayers().size(), target.layout().nodes());
  }

  /**
   * The groups before any round: each request joins a group according to its distance from the
   * centres.
   *
   * @param distances shape [requests x nodes]
   */
  Round first(int[] distances) {
    int nodes = target.layout().nodes();
    return new Round(
        null,
        null,
        router.route(distances, BalancedRouter.fresh(nodes)),
        new double[nodes],
        Double.POSITIVE_INFINITY);
  }

  /** Runs the next round. */
  Round next(Round before, LayerPlacer placer) {
    int[][] slots = layers.place(before, placer);
    int[][] nodesOfExpert =
        Arrays.stream(slots)
            .map(layer -> RouteCost.nodesOf(target.layout(), layer, target.model().experts()))
            .toArray(int[][]::new);
    int[] cost = layers.prefillCosts(nodesOfExpert);
    BalancedRouter balanced = new BalancedRouter(before.prices());
    byte[] nodeOf = router.route(cost, balanced);
    return new Round(
        slots, nodesOfExpert, nodeOf, balanced.prices(), router.meanCost(cost, nodeOf));
  }

  /** The node to which a router with these prices sends each request; shape [requests]. */
  byte[] routed(int[][] nodesOfExpert, double[] prices) {
    return router.route(layers.prefillCosts(nodesOfExpert), new BalancedRouter(prices));
  }
}
