/**
 * The counts that every figure of an analysis follows from: loads, pairs of experts and sums of
 * correlations by day and layer. All are whole numbers, so they are the same on any number of
 * cores.
 */
package io.sextant.jobs.analyze.count;
