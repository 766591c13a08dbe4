package io.sextant.jobs.group;

import io.sextant.jobs.serving.PlanTarget;
import io.sextant.placement.grouping.BalancedRouter;
import io.sextant.placement.grouping.LayerRequests;
import io.sextant.placement.grouping.RouteCost;
import io.sextant.schema.spec.Transport;
import java.util.Arrays;
import org.apache.spark.broadcast.Broadcast;

/** Rounds of grouping: experts are placed for the groups, then every request is routed again. */
final class Rounds implements AutoCloseable {
  private final PlanTarget target;
  private final GatheredLayers layers;
  private final RequestNodes router;
  private final Broadcast<RowKeys> keys;

  /**
   * @param known what the router knows, so that the placement is made for groups that it can make
   */
  Rounds(PlanTarget target, GatheredLayers layers, RequestKnowledge known) {
    this.target = target;
    this.layers = layers;
    this.router =
        new RequestNodes(
            layers.requests(), target.model().moeLayers().size(), target.layout().nodes());
    this.keys = known.keys() == null ? null : layers.broadcast(known.keys());
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
        router.route(router.perTokenLayer(distances), BalancedRouter.fresh(nodes)),
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
    RoundCosts costs = layers.costs(nodesOfExpert, keys);
    BalancedRouter balanced = new BalancedRouter(before.prices());
    byte[] nodeOf = router.route(known(costs), balanced);
    return new Round(
        slots, nodesOfExpert, nodeOf, balanced.prices(), router.meanCost(costs.exact(), nodeOf));
  }

  /** The unit of {@link Round#cost}. */
  String unit() {
    return target.shape().transport() == Transport.PER_EXPERT
        ? "remote sends per prompt token"
        : "remote nodes per prompt token";
  }

  /** The costs as the router knows them, per token and layer. */
  private double[] known(RoundCosts costs) {
    if (keys == null) {
      return router.ofPrefill(costs.exact());
    }
    double[] known = new double[costs.learned().length];
    for (int i = 0; i < known.length; i++) {
      known[i] = costs.learned()[i] * LayerRequests.COST_UNIT / router.layers();
    }
    return known;
  }

  @Override
  public void close() {
    if (keys != null) {
      keys.destroy();
    }
  }
}
