package io.sextant.jobs.score;

import io.sextant.jobs.serving.LayerShape;
import io.sextant.placement.evaluate.CostModel;
import io.sextant.placement.evaluate.LayerEvaluator;
import io.sextant.placement.evaluate.MicroBatchRecord;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The inputs of scoring; serialized to Spark tasks.
 *
 * @param shape the model and the cluster's slots
 * @param cost cost model for the predicted time
 * @param routes the node of each request by request id, for routed plans; other requests run on the
 *     node of their rank
 */
record Scoring(LayerShape shape, CostModel cost, Map<Long, Integer> routes)
    implements Serializable {

  /** The initial state of every layer of every plan. */
  List<LayerScore> layerScores(List<Plan> plans) {
    return plans.stream().flatMap(plan -> layerScores(plan).stream()).toList();
  }

  private List<LayerScore> layerScores(Plan plan) {
    List<LayerScore> scores = new ArrayList<>();
    for (int l = 0; l < plan.slots().length; l++) {
      scores.add(layerScore(plan, l));
    }
    return scores;
  }

  /** Plans for one cluster may differ in their number of slots. */
  LayerScore layerScore(Plan plan, int layerIndex) {
    int[] slots = plan.slots()[layerIndex];
    MicroBatchRecord microBatches = new MicroBatchRecord();
    LayerEvaluator evaluator =
        new LayerEvaluator(
                shape.layout().withSlots(slots.length),
                slots,
                shape.model().experts(),
                cost,
                shape.microBatchTokens(),
                shape.decodeStepTokens())
            .recordInto(microBatches);
    return new LayerScore(plan, layerIndex, evaluator, microBatches);
  }

  /** The node of the data-parallel rank that served a request. */
  int servedNode(int sourceRank) {
    return shape.sources().nodeOf(sourceRank);
  }

  /** The node that a router sent a request to, or the one that served it if no route is known. */
  int routedNode(long requestId, int servedOn) {
    return routes.getOrDefault(requestId, servedOn);
  }
}
