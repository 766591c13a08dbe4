package io.sextant.jobs.plan;

import io.sextant.jobs.score.Plan;
import io.sextant.placement.decision.Decision;
import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.schema.placement.PlanId;
import io.sextant.schema.placement.PlanOrigin;

/**
 * The result of scoring a candidate.
 *
 * @param decision the decision between the map in force (linear if there is none) and the candidate
 * @param scored all plans and their scores
 * @param first whether no map is in force
 */
public record Backtested(Decision decision, Scored scored, boolean first) {

  /** Name of the plan with which the candidate was compared. */
  public String inForcePlan() {
    return first ? Plan.LINEAR : Plan.CURRENT;
  }

  /** The id of a plan. */
  public PlanId id(String plan) {
    return scored.id(plan);
  }

  /** The content of a plan's id. */
  public PlanOrigin origin(String plan) {
    return scored.ids().origin(scored.plan(plan));
  }

  /** Figures of a plan over all layers. */
  public PlacementMetrics metrics(String plan) {
    return scored.scores().metrics(plan);
  }
}
