/** Computes exact scores of plans on traces from files or from the warehouse. */
package io.sextant.jobs.score;
