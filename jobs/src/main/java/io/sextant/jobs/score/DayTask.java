package io.sextant.jobs.score;

import io.sextant.jobs.window.RoutingRow;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;

/**
 * Scores each day and layer that a sorted partition holds.
 *
 * @param contests plans with what they are scored for; names of plans are distinct over all of them
 */
record DayTask(List<Contest> contests) implements MapPartitionsFunction<RoutingRow, PlanTally> {

  /**
   * Plans that are scored for the same cluster and profile.
   *
   * @param scoring the cluster and the profile
   */
  record Contest(Scoring scoring, List<Plan> plans) implements Serializable {}

  /** The state of scoring one layer of the plans of a contest. */
  private record Scores(Scoring scoring, List<LayerScore> layers) {
    void add(RoutingRow row) {
      int served = scoring.servedGpu(row.getSourceRank(), row.getRequestId());
      int routed = scoring.routes().isEmpty() ? served : scoring.routedGpu(row.key(), served);
      int topK = scoring.shape().model().topK();
      for (LayerScore score : layers) {
        int gpu = score.plan().routed() ? routed : served;
        score
            .evaluator()
            .add(row.getExperts(), topK, row.getPrefillTokens(), row.getDecodeTokens(), gpu);
      }
    }
  }

  @Override
  public Iterator<PlanTally> call(Iterator<RoutingRow> rows) {
    List<PlanTally> parts = new ArrayList<>();
    List<Scores> scores = List.of();
    String day = null;
    int layer = -1;
    List<PlanEvaluators> evaluators =
        contests.stream().map(contest -> new PlanEvaluators(contest.scoring())).toList();
    while (rows.hasNext()) {
      RoutingRow row = rows.next();
      if (row.getLayer() != layer || !row.getDay().equals(day)) {
        finish(parts, day, scores);
        day = row.getDay();
        layer = row.getLayer();
        scores = start(evaluators, layer);
      }
      for (Scores of : scores) {
        of.add(row);
      }
    }
    finish(parts, day, scores);
    return parts.iterator();
  }

  private List<Scores> start(List<PlanEvaluators> evaluators, int layer) {
    List<Scores> scores = new ArrayList<>();
    for (int c = 0; c < contests.size(); c++) {
      Contest contest = contests.get(c);
      int index = contest.scoring().shape().model().moeLayers().indexOf(layer);
      PlanEvaluators of = evaluators.get(c);
      scores.add(
          new Scores(
              contest.scoring(),
              contest.plans().stream().map(plan -> of.layerScore(plan, index)).toList()));
    }
    return scores;
  }

  private static void finish(List<PlanTally> parts, String day, List<Scores> scores) {
    for (Scores of : scores) {
      for (LayerScore score : of.layers()) {
        parts.add(score.tally(day));
      }
    }
  }
}
