/**
 * Searches for the plan of one layer: division of experts over nodes, sets of nodes for copies,
 * packing onto GPUs, and all slots together.
 *
 * <p>Each is a {@link io.sextant.placement.anneal.Annealed} state on tables that give the effect of
 * a proposal without making it. Division uses gain tables after Fiduccia and Mattheyses ("A
 * linear-time heuristic for improving network partitions", DAC 1982), with a token as the net that
 * joins its experts ({@link io.sextant.placement.search.NodePartition}). Copies use the expectation
 * over the hash that picks among them ({@link io.sextant.placement.search.CopyPartition}).
 *
 * <p>The energies of division, copies and all slots are surrogates of the objective: {@link
 * io.sextant.placement.search.NodeObjective} and {@link io.sextant.placement.search.JointCost} say
 * in which terms. Whoever uses a search compares its result on the objective itself ({@link
 * io.sextant.placement.objective.SlotState}). docs/solver.md describes the steps,
 * docs/evidence/solver.md what each was measured to bring.
 */
package io.sextant.placement.search;
