package io.sextant.jobs.plan;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.day.DayRange;
import io.sextant.jobs.decide.DecideStage;
import io.sextant.jobs.decide.DecisionTerms;
import io.sextant.jobs.group.GroupOrder;
import io.sextant.jobs.group.GroupStage;
import io.sextant.jobs.group.Grouped;
import io.sextant.jobs.group.RouteStage;
import io.sextant.jobs.layers.PlanOrder;
import io.sextant.jobs.layers.PlanStage;
import io.sextant.jobs.layers.PlannedMaps;
import io.sextant.jobs.migrate.CurrentMap;
import io.sextant.jobs.migrate.MigrateStage;
import io.sextant.jobs.migrate.Migration;
import io.sextant.jobs.score.MovedBytes;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanIds;
import io.sextant.jobs.score.RowHead;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.window.PlanWindows;
import io.sextant.jobs.window.PlanningSample;
import io.sextant.jobs.window.RequestRoutes;
import io.sextant.jobs.window.SourceRanks;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.jobs.window.WindowRequests;
import io.sextant.schema.InvalidInputException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * A planning run and its stages in their order: sample, plan, migrate, group, score, decide, keep.
 * {@link SolveJob}, {@link CompareJob} and {@link Backtest} each use the stages that they need.
 *
 * @param target the model, cluster and batching to plan for and score on
 * @param windows the days to plan on and the days to score on
 * @param runId name of the run in the warehouse's tables
 */
public record PlanRun(
    SparkSession spark, PlanTarget target, PlanWindows windows, String runId, Progress progress) {

  /**
   * A run whose target has the source ranks that the windows' traces name, on the traffic that the
   * user asked for; prints how ranks run.
   *
   * @throws InvalidInputException if the cluster's description does not say where they run, or the
   *     traces do not have the labels or hours of the traffic
   */
  public static PlanRun reading(
      SparkSession spark, PlanTarget target, PlanWindows windows, String runId, Progress progress) {
    PlanTarget known = target.withRanks(SourceRanks.count(spark, windows));
    progress.say("%s", known.sources().text());
    return new PlanRun(
        spark, known, windows.withChangedTraffic(spark, target.model()), runId, progress);
  }

  /**
   * Prints a progress line that says what is planned.
   *
   * @param how the end of the line
   */
  void announce(String how) {
    progress.say(
        "planning %d layers of %d experts into %d slots %s",
        target.model().moeLayers().size(), target.model().experts(), target.layout().slots(), how);
    progress.say("%s", target.precision());
  }

  /**
   * Samples the requests to plan from.
   *
   * @throws InvalidInputException if the window holds no traces of the model
   */
  PlanningSample sample() {
    return PlanningSample.of(spark, windows.planOn(), target.model(), windows.dayRule());
  }

  /** Plans with every planner of the order. */
  PlannedMaps plan(PlanningSample sample, PlanOrder order) {
    return new PlanStage(target, order).run(sample, windows.planOn());
  }

  /** The migration from the map in force to a plan; empty if no map is in force. */
  Optional<Migration> migrate(PlannedMaps planned, Optional<CurrentMap> current) {
    return current.map(map -> new MigrateStage(target, map).run(planned.options()));
  }

  /**
   * Plans and migrates, which solve and refresh do before they score.
   *
   * @throws InvalidInputException if the plan cannot be used, which would be a bug
   */
  Candidate candidate(PlanningSample sample, PlanOrder order) {
    PlannedMaps planned = plan(sample, order);
    Candidate candidate = new Candidate(planned, migrate(planned, order.current()));
    candidate.requireSound("the plan", target.layout().gpus());
    progress.say(
        "planned from %,d of %,d tokens per layer; scoring",
        planned.sampledTokens(), planned.windowTokens());
    return candidate;
  }

  /**
   * The order for a router that requests allow, before a plan is made.
   *
   * @throws InvalidInputException if the requests lack what the router has to know
   */
  GroupOrder known(GroupOrder order) {
    return new GroupStage(target, order, progress)
        .known(new WindowRequests(spark, windows.planOn()));
  }

  /**
   * Plans a placement for groups of requests.
   *
   * @throws InvalidInputException if the layers do not hold the same requests
   */
  Grouped group(GroupOrder order) {
    PlanningSample sample =
        PlanningSample.withPrompts(spark, windows.planOn(), target.model(), windows.dayRule());
    Grouped grouped =
        new GroupStage(target, order, progress)
            .run(sample, new WindowRequests(spark, windows.planOn()));
    grouped.map().requireSound("the grouped plan", target.layout().gpus());
    return grouped;
  }

  /** The nodes to which a router sends the requests to score on. */
  RequestRoutes routes(Grouped grouped) {
    TraceWindow window = windows.scoreOn();
    RequestRoutes routes =
        new RouteStage(target, new WindowRequests(spark, window))
            .run(
                PlanningSample.inOrder(window.rowsWithPrompts(spark), target.model()),
                grouped.router());
    routes.report();
    return routes;
  }

  /**
   * Scores plans.
   *
   * @param planned the maps that planners made
   * @param routes the nodes of requests, for routed plans
   * @param movedBytes bytes that each plan moves from the map in force
   */
  Scored score(PlannedMaps planned, List<Plan> plans, RequestRoutes routes, MovedBytes movedBytes) {
    return score(planned.days().range(), plans, routes, movedBytes);
  }

  /** Scores plans that are not made on this run. */
  Scored score(List<Plan> plans) {
    return score(windows.planOn().days(spark), plans, new RequestRoutes(), MovedBytes.NONE);
  }

  private Scored score(
      DayRange planned, List<Plan> plans, RequestRoutes routes, MovedBytes movedBytes) {
    return new ScoreStage(new PlanIds(target, planned, windows.planOn().traffic().change()), routes)
        .run(spark, windows.scoreOn(), plans, movedBytes);
  }

  /** Decides between plans that were scored. */
  DecideStage decide(DecisionTerms terms) {
    return new DecideStage(target, terms);
  }

  /** Stores rows about plans in the warehouse. */
  KeepStage keep(Scored scored) {
    return new KeepStage(
        scored, windows.scoreOn(), new RowHead(scored.ids(), windows.scoreOn().days(spark), runId));
  }
}
