package io.sextant.jobs.plan;

import io.sextant.jobs.decide.DecisionRow;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.decision.Decision;
import io.sextant.placement.migration.Moves;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps what a run found as rows of the warehouse, for analysts and the report.
 *
 * @param day the last day scored on
 */
record KeepStage(PlanTarget target, TraceWindow scoreOn, String day, String runId) {

  /**
   * Keeps plans, their scores and their traffic.
   *
   * @param moves from the map in force to Sextant's plan
   */
  void plans(Scored scored, Optional<Moves> moves) {
    new PlanRows(target.model(), target.layout(), runId)
        .write(scoreOn, day, scored, Plan.SEXTANT, moves);
  }

  /**
   * Keeps the node of each request.
   *
   * @param routes request id to node
   */
  void routes(Map<Long, Integer> routes) {
    new GroupRows(target.model().name(), runId).write(scoreOn.warehouse(), day, routes);
  }

  /**
   * Keeps a decision.
   *
   * @param command the command that decided
   * @param inForce name of the plan that the candidate was held against
   */
  void decision(String command, String inForce, Decision decision) {
    new DecisionRow(command, inForce, decision).append(scoreOn, day, runId);
  }
}
