package io.sextant.jobs.refresh;

import io.sextant.jobs.decide.DecisionTerms;
import io.sextant.jobs.migrate.MovedBytesLimit;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.spec.ModelSpec;
import java.time.LocalDate;
import java.util.List;

/**
 * What a night is to do.
 *
 * @param warehouse folder of the tables and the published versions
 * @param inputs files and folders to ingest what is new of
 * @param days which days to look at
 * @param planning what to plan, and when a plan is worth publishing
 * @param publishing what to publish
 */
record RefreshSettings(
    String warehouse, List<String> inputs, Days days, Planning planning, Publishing publishing) {

  /**
   * Which days to look at.
   *
   * @param asOf days before it are complete
   * @param windowDays calendar days to plan on
   */
  record Days(LocalDate asOf, int windowDays) {}

  /**
   * What to plan, and when a plan is worth publishing.
   *
   * @param limit maximum of expert weights to move
   * @param firstMap whether to plan as if no map were in force
   */
  record Planning(
      PlanTarget target,
      SolverSettings solver,
      DecisionTerms terms,
      MovedBytesLimit limit,
      boolean firstMap) {}

  /**
   * What to publish.
   *
   * @param engines ids of the engines to write maps for
   * @param keep how many versions stay
   */
  record Publishing(List<String> engines, int keep) {}

  PlanTarget target() {
    return planning.target();
  }

  ModelSpec model() {
    return planning.target().model();
  }
}
