package io.sextant.jobs.decide;

import io.sextant.placement.decision.DecisionRule;
import io.sextant.placement.decision.MovingCost;

/**
 * What a plan must be worth.
 *
 * @param rule the minimum gain and the evidence for it
 * @param hoursUntilRefresh busy hours that pay for a move
 */
public record DecisionTerms(DecisionRule rule, double hoursUntilRefresh) {

  /** The terms of a nightly refresh. */
  public static final DecisionTerms NIGHTLY =
      new DecisionTerms(DecisionRule.DEFAULT, MovingCost.NIGHTLY_HOURS);
}
