package io.sextant.jobs.decide;

import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanScores;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.placement.decision.ArrivingBytes;
import io.sextant.placement.decision.Decision;
import io.sextant.placement.decision.MicroBatchSeries;
import io.sextant.placement.decision.MovingCost;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ClusterSpec;

/** Decides between the map in force and a plan, from their scores on the same traces. */
public record DecideStage(PlanTarget target, DecisionTerms terms) {

  /**
   * Decides between a plan and the map in force.
   *
   * @throws InvalidInputException if the layers do not have the same tokens
   */
  public Decision against(Plan inForce, PlanScores scores, Plan candidate) {
    ClusterSpec cluster = target.cluster();
    return terms
        .rule()
        .decide(
            series(scores, inForce),
            series(scores, candidate),
            MovingCost.of(
                ArrivingBytes.between(
                    cluster.nodes(),
                    cluster.gpusPerNode(),
                    inForce.slots(),
                    candidate.slots(),
                    target.expertBytes()),
                cluster.interNodeGigabytesPerSecond(),
                terms.hoursUntilRefresh()));
  }

  /**
   * Decides on the first map, which is loaded when the engine starts, so no experts are moved.
   *
   * @param linear the linear placement, which the engine uses without a map
   * @throws InvalidInputException if the layers do not have the same tokens
   */
  public Decision ofFirst(Plan linear, PlanScores scores, Plan candidate) {
    return terms
        .rule()
        .decide(
            series(scores, linear),
            series(scores, candidate),
            new MovingCost(
                0, 0, target.cluster().interNodeGigabytesPerSecond(), terms.hoursUntilRefresh()));
  }

  private static MicroBatchSeries series(PlanScores scores, Plan plan) {
    return scores
        .series(plan.name())
        .orElseThrow(
            () ->
                InvalidInputException.of(
                    "traces of the days to score on",
                    "the layers do not have the same tokens, so their times cannot be compared",
                    "Ingest traces of every MoE layer"));
  }
}
