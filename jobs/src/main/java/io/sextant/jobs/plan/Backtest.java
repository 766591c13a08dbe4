package io.sextant.jobs.plan;

import io.sextant.jobs.decide.DecideStage;
import io.sextant.jobs.decide.DecisionTerms;
import io.sextant.jobs.layers.PlanOrder;
import io.sextant.jobs.migrate.CurrentMap;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.window.RequestRoutes;
import io.sextant.placement.decision.Decision;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Plans on one window from the map in force, within a limit of moved bytes; scores the map and the
 * plan on a later window and decides between them.
 */
public record Backtest(PlanRun run, DecisionTerms terms) {

  /**
   * @param current the map in force and the limit
   * @throws InvalidInputException if the window holds no traces of the model
   */
  public Candidate plan(SolverSettings settings, Optional<CurrentMap> current) {
    run.announce("on " + run.target().cluster().name());
    return run.candidate(run.sample(), PlanOrder.of(settings, current));
  }

  /** Scores linear and the map in force, on days with too few tokens for a decision. */
  public Scored scoreInForce(Optional<CurrentMap> current) {
    List<Plan> plans = new ArrayList<>();
    plans.add(Plan.of(Plan.LINEAR, run.target().linear()));
    current.map(CurrentMap::plan).ifPresent(plans::add);
    return run.score(plans);
  }

  /**
   * Scores the candidate together with linear, greedy and the map in force, decides, and stores the
   * rows for analysts.
   *
   * @throws InvalidInputException if the layers of the days to score on do not have the same tokens
   */
  public Backtested score(Candidate candidate) {
    Plan linear = Plan.of(Plan.LINEAR, run.target().linear());
    Plan sextant = Plan.of(Plan.SEXTANT, candidate.placement());
    List<Plan> plans = new ArrayList<>();
    plans.add(linear);
    plans.add(Plan.of(Plan.GREEDY, candidate.planned().greedy()));
    plans.add(sextant);
    candidate
        .migration()
        .ifPresent(
            from -> {
              plans.add(from.inForce());
              plans.add(Plan.of(Plan.AFRESH, candidate.planned().sextant()));
            });
    Scored scored =
        run.score(candidate.planned(), plans, new RequestRoutes(), candidate.movedBytes(plans));
    KeepStage keep = run.keep(scored);
    keep.plans(candidate.moves());
    DecideStage decide = run.decide(terms);
    Decision decision =
        candidate
            .migration()
            .map(from -> decide.against(from.inForce(), scored.scores(), sextant))
            .orElseGet(() -> decide.ofFirst(linear, scored.scores(), sextant));
    Backtested backtested = new Backtested(decision, scored, candidate.migration().isEmpty());
    keep.decision("refresh", backtested.inForcePlan(), decision);
    return backtested;
  }
}
