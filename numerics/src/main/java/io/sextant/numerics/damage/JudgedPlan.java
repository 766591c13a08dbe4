package io.sextant.numerics.damage;

/**
 * A plan beside what came true.
 *
 * @param damage {@link PlanDamage}
 * @param rise of the loss over the full model's
 * @param predicted from the other plans; null where the policy's rises are within noise
 */
public record JudgedPlan(PruningOutcome outcome, double damage, double rise, Predicted predicted) {}
