package io.sextant.jobs.plan;

import io.sextant.jobs.decide.DecisionRow;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.window.RequestRoutes;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.decision.Decision;
import io.sextant.placement.migration.Moves;
import java.util.Optional;

/**
 * Stores the results of a run as rows of the warehouse, for analysts and the report.
 *
 * @param day the last day of the scoring window
 */
record KeepStage(PlanTarget target, TraceWindow scoreOn, String day, String runId) {

  /**
   * Stores plans, their scores and their traffic.
   *
   * @param moves the moves from the map in force to Sextant's plan
   */
  void plans(Scored scored, Optional<Moves> moves) {
    new PlanRows(target.model(), target.layout(), target.profile().name(), runId)
        .write(scoreOn, day, scored, Plan.SEXTANT, moves);
  }

  /**
   * Stores the node of each request.
   *
   * @param routes the nodes of the requests
   */
  void routes(RequestRoutes routes) {
    new GroupRows(target.model().name(), target.profile().name(), runId)
        .write(scoreOn.warehouse(), day, routes);
  }

  /**
   * Stores a decision.
   *
   * @param command the command that decided
   * @param inForce name of the plan with which the candidate was compared
   */
  void decision(String command, String inForce, Decision decision) {
    new DecisionRow(command, target.profile().name(), inForce, decision)
        .append(scoreOn, day, runId);
  }
}
