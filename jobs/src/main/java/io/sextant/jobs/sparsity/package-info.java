/**
 * Sparsity plans from importance traces: the predicted loss of accuracy and gain of time by pruning
 * each layer.
 */
package io.sextant.jobs.sparsity;
