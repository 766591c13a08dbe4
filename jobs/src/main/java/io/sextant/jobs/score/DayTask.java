package io.sextant.jobs.score;

import io.sextant.jobs.window.RoutingRow;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;

/** Scores each day and layer that a sorted partition holds. */
record DayTask(Scoring scoring, List<Plan> plans)
    implements MapPartitionsFunction<RoutingRow, PlanTally> {

  @Override
  public Iterator<PlanTally> call(Iterator<RoutingRow> rows) {
    List<PlanTally> parts = new ArrayList<>();
    List<LayerScore> scores = List.of();
    String day = null;
    int layer = -1;
    PlanEvaluators evaluators = new PlanEvaluators(scoring);
    int topK = scoring.shape().model().topK();
    while (rows.hasNext()) {
      RoutingRow row = rows.next();
      if (row.getLayer() != layer || !row.getDay().equals(day)) {
        finish(parts, day, scores);
        day = row.getDay();
        layer = row.getLayer();
        scores = start(evaluators, layer);
      }
      int served = scoring.servedGpu(row.getSourceRank(), row.getRequestId());
      int routed = scoring.routes().isEmpty() ? served : scoring.routedGpu(row.key(), served);
      for (LayerScore score : scores) {
        int gpu = score.plan().routed() ? routed : served;
        score
            .evaluator()
            .add(row.getExperts(), topK, row.getPrefillTokens(), row.getDecodeTokens(), gpu);
      }
    }
    finish(parts, day, scores);
    return parts.iterator();
  }

  private List<LayerScore> start(PlanEvaluators evaluators, int layer) {
    int index = scoring.shape().model().moeLayers().indexOf(layer);
    return plans.stream().map(plan -> evaluators.layerScore(plan, index)).toList();
  }

  private static void finish(List<PlanTally> parts, String day, List<LayerScore> scores) {
    for (LayerScore score : scores) {
      parts.add(score.tally(day));
    }
  }
}
