/**
 * The decision whether a new placement is worth moving to, on held-out micro-batches.
 *
 * <p>Both placements are scored on the same micro-batches, so their differences are paired.
 * Consecutive micro-batches are correlated, so an interval comes from resampling blocks of them
 * (the circular block bootstrap, Politis and Romano 1992; {@link
 * io.sextant.placement.decision.PairedBootstrap}). {@link
 * io.sextant.placement.decision.DecisionRule} sets the gain against its own uncertainty and against
 * the cost of moving ({@link io.sextant.placement.decision.MovingCost}); docs/decision.md has the
 * rule with examples.
 */
package io.sextant.placement.decision;
