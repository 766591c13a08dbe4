package io.sextant.jobs.sparsity;

import io.sextant.schema.stats.Estimate;

/**
 * A plan beside what came true.
 *
 * @param damage {@link PlanDamage}
 * @param rise of the loss over the full model's
 * @param predicted from the other plans; null where the policy's rises are within noise
 */
record JudgedPlan(PruningOutcome outcome, double damage, double rise, Estimate predicted) {}
