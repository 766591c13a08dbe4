/**
 * The planning runs of solve, compare and refresh: their stages, and the results that each stores.
 */
package io.sextant.jobs.plan;
