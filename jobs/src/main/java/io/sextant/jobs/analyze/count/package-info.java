/**
 * The counts from which every figure of an analysis is computed: loads, pairs of experts and sums
 * of correlations by day and layer. All are whole numbers, so they are the same on any number of
 * cores.
 */
package io.sextant.jobs.analyze.count;
