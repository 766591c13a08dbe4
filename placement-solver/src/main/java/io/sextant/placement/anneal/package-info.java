/**
 * Simulated annealing (Kirkpatrick, Gelatt and Vecchi, "Optimization by simulated annealing",
 * Science 220, 1983), once for every search of this module.
 *
 * <p>A proposal that changes the energy by {@code delta} is accepted with the probability {@code
 * min(1, exp(-delta / temperature))} of Metropolis et al. (1953). The test is done in the
 * equivalent form {@code delta <= -temperature ln(1 - u)} with u uniform in [0, 1). The threshold
 * on the right does not depend on the proposal, so a search can reject a proposal as soon as a
 * lower bound of {@code delta} exceeds it, before the expensive part of the exact change is
 * computed.
 *
 * <p>The temperature falls geometrically. Everything is bounded by a number of proposals and drawn
 * from one seeded stream, so the same input and seed give the same result on any machine.
 *
 * <p>{@link io.sextant.placement.anneal.Annealing} is the loop, {@link
 * io.sextant.placement.anneal.Annealed} what it changes, {@link
 * io.sextant.placement.anneal.Proposals} the choice between kinds of proposals.
 */
package io.sextant.placement.anneal;
