package io.sextant.jobs.refresh;

import io.sextant.jobs.decide.DecisionTerms;
import io.sextant.jobs.migrate.MovedBytesLimit;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.spec.ModelSpec;
import java.time.LocalDate;
import java.util.List;

/**
 * The settings of a night.
 *
 * @param warehouse folder of the tables and the published versions
 * @param input the files to ingest
 * @param days the days to plan on and to score on
 * @param planning settings of the plan and of the decision
 * @param publishing settings of the published version
 */
record RefreshSettings(
    String warehouse, Input input, Days days, Planning planning, Publishing publishing) {

  /**
   * The files to ingest.
   *
   * @param paths files and folders from which new files are ingested
   * @param tokenIds whether the token ids of prompts are kept
   */
  record Input(List<String> paths, boolean tokenIds) {}

  /**
   * The days to plan on and to score on.
   *
   * @param asOf day of the refresh; earlier days are complete
   * @param windowDays number of calendar days to plan on
   */
  record Days(LocalDate asOf, int windowDays) {}

  /**
   * The settings of the plan and of the decision.
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
   * The settings of the published version.
   *
   * @param engines ids of the engines for which maps are written
   * @param keep number of versions to keep
   */
  record Publishing(List<String> engines, int keep) {}

  /** What speaks against loading the plan into the engines: {@link EngineMaps#warnings}. */
  List<String> engineWarnings() {
    return EngineMaps.warnings(publishing.engines(), target().profile());
  }

  PlanTarget target() {
    return planning.target();
  }

  ModelSpec model() {
    return planning.target().model();
  }
}
