/**
 * The solver of one layer. OptaPlanner's planning entities are the physical slots; a custom phase
 * runs the searches of {@link io.sextant.placement.search}, then OptaPlanner's local search with
 * late acceptance (Burke and Bykov, "The late acceptance hill-climbing heuristic", EJOR 258, 2017)
 * polishes all slots on the exact objective. docs/adr/0003 says why in this order.
 *
 * <p>Plans from a map in force and the stages of an annealing between which requests are grouped
 * anew run the joint search without OptaPlanner. {@link io.sextant.placement.solve.LoadBalance}
 * places experts whose traffic is not known.
 */
package io.sextant.placement.solve;
