/**
 * Exact figures of a placement on tokens: traffic between nodes, balance of GPUs and nodes,
 * activated experts per decode step, and the predicted time of a layer.
 *
 * <p>A token uses, for each of its experts, a copy on its own node if there is one, else one of the
 * others by hash ({@link io.sextant.placement.problem.ReplicaChoice}), and is sent once to each
 * node that it needs. Balance is max/mean per micro-batch, averaged over the complete ones. The
 * predicted layer time is that of the slowest GPU's expert work, measured or by a roofline, plus
 * the time of the slowest node's receive ({@link io.sextant.placement.evaluate.CostModel}).
 */
package io.sextant.placement.evaluate;
