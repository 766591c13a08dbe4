/**
 * How much the loss rises with what is pruned: a model fitted to the outcomes of pruned runs, its
 * leave-one-out predictions with Student's t intervals, and Spearman rank correlations with
 * permutation tests. Policies are static, adaptive (after arXiv 2010.08655) and alternating (after
 * arXiv 2105.01064) pruning.
 */
package io.sextant.numerics.damage;
