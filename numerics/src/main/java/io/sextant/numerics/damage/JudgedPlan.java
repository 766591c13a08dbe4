package io.sextant.numerics.damage;

import io.sextant.schema.stats.Estimate;

/**
 * A plan's predicted and measured rise of the loss.
 *
 * @param damage damage of the plan, see {@link PlanDamage}
 * @param rise rise of the loss above the full model's
 * @param predicted prediction fitted without this plan; null if the policy's rises are within noise
 */
public record JudgedPlan(PruningOutcome outcome, double damage, double rise, Estimate predicted) {}
