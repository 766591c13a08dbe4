package io.sextant.placement.grouping;

import io.sextant.schema.router.RouterTable;
import java.util.Arrays;

/**
 * Costs from the experts of the prompt's rows. They are known only after prefill, so such a router
 * can choose nothing but the decode node of a deployment with separate pools.
 */
final class PrefillCost implements RequestCost {
  private final RouteCost[] layers;
  private final int[] sum;

  PrefillCost(RouterTable table) {
    this.layers =
        Arrays.stream(table.nodesOfExpert())
            .map(masks -> new RouteCost(table.nodes(), masks, table.rule(), table.travel()))
            .toArray(RouteCost[]::new);
    this.sum = new int[table.nodes()];
  }

  @Override
  public void of(RouterRequest request, double[] cost) {
    Arrays.fill(sum, 0);
    int rows = request.promptTokens();
    for (int l = 0; l < layers.length; l++) {
      layers[l].add(request.experts()[l], request.topK(), 0, rows, sum, 0);
    }
    for (int n = 0; n < cost.length; n++) {
      cost[n] = sum[n] / (double) Math.max(1, rows * layers.length);
    }
  }
}
