package io.sextant.jobs.plan;

import io.sextant.jobs.decide.DecisionRow;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.RowHead;
import io.sextant.jobs.window.RequestRoutes;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.decision.Decision;
import io.sextant.placement.migration.Moves;
import java.util.Optional;

/**
 * Stores the results of a run as rows of the warehouse, for analysts and the report.
 *
 * @param scored the plans and their scores, among them Sextant's
 * @param head the values that all rows have in common
 */
record KeepStage(Scored scored, TraceWindow scoreOn, RowHead head) {

  /**
   * Stores plans, their scores and their traffic.
   *
   * @param moves the moves from the map in force to Sextant's plan
   */
  void plans(Optional<Moves> moves) {
    new PlanRows(head).write(scoreOn, scored, moves);
  }

  /**
   * Stores the node of each request under the grouped plan.
   *
   * @param routes the nodes of the requests
   */
  void routes(RequestRoutes routes) {
    new GroupRows(head, scored.plan(Plan.GROUPED)).write(scoreOn.warehouse(), routes);
  }

  /**
   * Stores a decision.
   *
   * @param command the command that decided
   * @param inForce name of the plan with which the candidate was compared
   */
  void decision(String command, String inForce, Decision decision) {
    new DecisionRow(command, scored.plan(Plan.SEXTANT), scored.plan(inForce), decision)
        .append(scoreOn.warehouse(), head);
  }
}
