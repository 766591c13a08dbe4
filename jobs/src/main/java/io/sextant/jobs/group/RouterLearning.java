package io.sextant.jobs.group;

import io.sextant.jobs.serving.PlanTarget;
import io.sextant.placement.grouping.BalancedRouter;
import io.sextant.placement.grouping.CostsByKey;
import io.sextant.schema.router.Router;
import io.sextant.schema.router.RouterTable;
import io.sextant.schema.router.TokenCosts;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes a router's files for a plan: its costs by label and by token id, as far as the requests
 * have them.
 */
record RouterLearning(PlanTarget target, GatheredLayers layers, RequestKnowledge known) {

  Router of(Round last) {
    RouterTable table =
        new RouterTable(
            target.model().name(),
            known.knows().id(),
            target.profile().name(),
            target.profile().copyRule().id(),
            target.shape().transport().id(),
            target.pool().label(),
            target.layout().nodes(),
            BalancedRouter.WINDOW,
            BalancedRouter.TOLERANCE,
            last.prices(),
            target.model().moeLayers(),
            known.byLabel() == null ? Map.of() : labelCosts(last),
            null,
            null,
            last.nodesOfExpert());
    return new Router(table, known.byToken() == null ? null : tokenCosts(last));
  }

  private Map<String, double[]> labelCosts(Round last) {
    CostsByKey learned = layers.learn(last.nodesOfExpert(), known.byLabel());
    double[] mean = learned.mean();
    Map<String, double[]> costs = new TreeMap<>();
    costs.put(RouterTable.OTHER_LABEL, mean);
    for (int label = 0; label < known.labels().size(); label++) {
      double[] cost = new double[mean.length];
      learned.cost(label, mean, layerCount(), cost);
      costs.put(known.labels().get(label), cost);
    }
    return costs;
  }

  private TokenCosts tokenCosts(Round last) {
    CostsByKey learned = layers.learn(last.nodesOfExpert(), known.byToken());
    double[] mean = learned.mean();
    int nodes = mean.length;
    float[] costs = new float[learned.sum().length];
    double[] cost = new double[nodes];
    for (int id = 0; id < learned.rows().length; id++) {
      learned.cost(id, mean, layerCount(), cost);
      for (int n = 0; n < nodes; n++) {
        costs[id * nodes + n] = (float) cost[n];
      }
    }
    float[] other = new float[nodes];
    for (int n = 0; n < nodes; n++) {
      other[n] = (float) mean[n];
    }
    return new TokenCosts(target.model().name(), other, costs);
  }

  private int layerCount() {
    return target.model().moeLayers().size();
  }
}
