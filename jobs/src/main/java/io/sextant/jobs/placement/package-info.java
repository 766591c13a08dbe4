/** Solving, evaluating and exporting placements with Spark. */
package io.sextant.jobs.placement;
