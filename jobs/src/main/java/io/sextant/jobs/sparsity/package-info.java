/**
 * Sparsity plans from importance traces: what pruning would lose, what it would gain, and where.
 */
package io.sextant.jobs.sparsity;
