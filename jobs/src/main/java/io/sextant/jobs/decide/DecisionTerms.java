package io.sextant.jobs.decide;

import io.sextant.placement.decision.DecisionRule;
import io.sextant.placement.decision.MovingCost;

/**
 * The gain that a plan must have.
 *
 * @param rule the minimum gain, and the evidence that is required for it
 * @param hoursUntilRefresh busy hours over which a move must pay for itself
 */
public record DecisionTerms(DecisionRule rule, double hoursUntilRefresh) {

  /** The terms of a nightly refresh. */
  public static final DecisionTerms NIGHTLY =
      new DecisionTerms(DecisionRule.DEFAULT, MovingCost.NIGHTLY_HOURS);
}
