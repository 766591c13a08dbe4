/**
 * The choice of the number of neurons to serve per hidden layer, from the importance that a pruned
 * layer loses (the sum of |activation x gradient|, a first-order Taylor expansion of the loss), the
 * measured time of the pruned products, and a Pareto front over chains of layers, which gives the
 * widths with the minimum loss within a time budget.
 */
package io.sextant.numerics.pruning;
