package io.sextant.jobs.plan;

import io.sextant.jobs.score.CostModels;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanScores;
import io.sextant.placement.decision.ArrivingBytes;
import io.sextant.placement.decision.Decision;
import io.sextant.placement.decision.DecisionRule;
import io.sextant.placement.decision.MicroBatchSeries;
import io.sextant.placement.decision.MovingCost;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ModelSpec;

/**
 * Decides between the map in force and a plan, from their scores on the same traces.
 *
 * @param hoursUntilRefresh busy hours that pay for a move
 */
record PlanDecision(
    ModelSpec model, ClusterSpec cluster, DecisionRule rule, double hoursUntilRefresh) {

  /**
   * Against the map in force.
   *
   * @throws InvalidInputException where the layers do not have the same tokens
   */
  Decision against(Plan inForce, PlanScores scores, Plan candidate) {
    return rule.decide(
        series(scores, inForce),
        series(scores, candidate),
        MovingCost.of(
            ArrivingBytes.between(
                cluster.nodes(),
                cluster.gpusPerNode(),
                inForce.slots(),
                candidate.slots(),
                CostModels.expertBytes(model)),
            cluster.interNodeGigabytesPerSecond(),
            hoursUntilRefresh));
  }

  /**
   * Of the first map: it is loaded when the engine starts, and nothing is there to be moved.
   *
   * @param linear what the engine does without it
   * @throws InvalidInputException where the layers do not have the same tokens
   */
  Decision ofFirst(Plan linear, PlanScores scores, Plan candidate) {
    return rule.decide(
        series(scores, linear),
        series(scores, candidate),
        new MovingCost(0, 0, cluster.interNodeGigabytesPerSecond(), hoursUntilRefresh));
  }

  private static MicroBatchSeries series(PlanScores scores, Plan plan) {
    return scores
        .series(plan.name())
        .orElseThrow(
            () ->
                InvalidInputException.of(
                    "traces of the days to score on",
                    "the layers do not have the same tokens, so that no time is the same for all",
                    "Ingest traces of every MoE layer"));
  }
}
