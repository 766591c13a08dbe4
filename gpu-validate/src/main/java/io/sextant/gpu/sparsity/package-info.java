/**
 * Which neurons of which hidden layer to serve: the importance that a pruned layer loses, what the
 * pruned products cost on a GPU, and the widths that lose least under a budget of time.
 */
package io.sextant.gpu.sparsity;
