/**
 * How many neurons of each hidden layer to serve: the importance that a pruned layer loses (the sum
 * of |activation x gradient|, a first-order Taylor expansion of the loss), the measured time of the
 * pruned products, and the widths that lose least within a time budget, as a Pareto front over
 * chains of layers.
 */
package io.sextant.numerics.pruning;
