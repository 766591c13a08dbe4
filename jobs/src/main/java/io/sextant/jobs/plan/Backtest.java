package io.sextant.jobs.plan;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.score.CostModels;
import io.sextant.jobs.score.EvaluateJob;
import io.sextant.jobs.score.MovedBytes;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanScores;
import io.sextant.jobs.score.ScoreTable;
import io.sextant.jobs.window.DayRule;
import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.baseline.LinearPlacement;
import io.sextant.placement.decision.Decision;
import io.sextant.placement.decision.DecisionRule;
import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.placement.migration.MovesFile;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.spec.ModelSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * Plans on one window from the map in force, within a budget of moved bytes, scores both on a later
 * one and decides between them.
 */
public final class Backtest {
  /** What an engine does without a map. */
  public static final String LINEAR = "linear";

  /** The map in force; not among the plans where there is none. */
  public static final String CURRENT = MigrationOutcome.CURRENT;

  /** The plan within the budget. */
  public static final String SEXTANT = "sextant";

  /** A plan made without regard to the map in force, to show what the budget costs. */
  public static final String AFRESH = "afresh";

  private static final String GREEDY = "greedy";

  private final ModelSpec model;
  private final ClusterOptions cluster;
  private final SlotLayout layout;
  private final SolverSettings settings;
  private final DecisionRule rule;
  private final double hoursUntilRefresh;
  private final Progress progress;

  public Backtest(
      ModelSpec model,
      ClusterOptions cluster,
      int slots,
      SolverSettings settings,
      DecisionRule rule,
      double hoursUntilRefresh,
      Progress progress) {
    this.model = model;
    this.cluster = cluster;
    this.layout = cluster.layout(model, slots);
    this.settings = settings;
    this.rule = rule;
    this.hoursUntilRefresh = hoursUntilRefresh;
    this.progress = progress;
  }

  /**
   * What was planned.
   *
   * @param placement the candidate
   * @param current the map in force; null where there is none
   * @param migration how to get from one to the other; empty where there is no map in force
   * @param greedy the baseline on the same tokens
   * @param afresh the plan without regard to the map in force
   * @param sampledTokens tokens of a layer that were planned from
   * @param windowTokens tokens of a layer in the window
   */
  public record Planned(
      PlacementMap placement,
      PlacementMap current,
      Optional<MigrationOutcome> migration,
      PlacementMap greedy,
      PlacementMap afresh,
      long sampledTokens,
      long windowTokens) {}

  /**
   * What the scoring found.
   *
   * @param decision between the map in force (linear where there is none) and the candidate
   * @param scores of all plans
   * @param movedBytes from the map in force
   * @param metricsJson every figure of every plan
   * @param text for a person
   */
  public record Scored(
      Decision decision,
      PlanScores scores,
      MovedBytes movedBytes,
      String metricsJson,
      String text) {

    /** Figures of a plan over all layers; empty where it was not scored. */
    public Optional<PlacementMetrics> metrics(String plan) {
      return scores.plans().contains(plan) ? Optional.of(scores.metrics(plan)) : Optional.empty();
    }
  }

  /** Bytes of expert weights that a limit as the user writes it allows to move. */
  public static long limitBytes(String text, ModelSpec model) {
    long expertBytes = CostModels.expertBytes(model);
    return Math.multiplyExact(MovedBytesLimit.slots(text, model, expertBytes), expertBytes);
  }

  /**
   * The map in force, held against what is planned for.
   *
   * @param where its file, for messages
   * @throws InvalidInputException where it is for another model, slots or number of GPUs
   */
  public void requireFits(String where, PlacementMap current) {
    current.requireUsable(where, layout.gpus());
    for (int l = 0; l < current.layers().size(); l++) {
      if (current.slots(l) != layout.slots()) {
        throw InvalidInputException.of(
            where + ": layer " + current.layers().get(l),
            "%d slots, but %d are planned for".formatted(current.slots(l), layout.slots()),
            "Plan with the --slots of the map in force, or start again with --first-map");
      }
    }
  }

  /**
   * @param current the map in force; null where there is none
   * @param limit the most bytes to move from it, as the user writes it
   */
  public Planned plan(
      SparkSession spark,
      TraceWindow window,
      TraceWindow scoreWindow,
      PlacementMap current,
      String limit) {
    progress.say(
        "planning %d layers of %d experts into %d slots on %s",
        model.moeLayers().size(), model.experts(), layout.slots(), cluster.cluster().name());
    CurrentMap from =
        current == null
            ? null
            : new CurrentMap(
                current.physicalToLogical(),
                MovedBytesLimit.slots(limit, model, CostModels.expertBytes(model)));
    SolveJob.Plans plans =
        new SolveJob(
                spark,
                window,
                new DayRule(scoreWindow.firstDay(), false),
                model,
                layout,
                cluster.sources(),
                settings,
                cluster.microBatchTokens(Pool.BOTH))
            .run(from);
    Optional<MigrationOutcome> migration =
        Optional.ofNullable(from)
            .map(map -> new MigrationOutcome(model, layout, map, plans.options()));
    PlacementMap chosen = migration.map(MigrationOutcome::chosen).orElse(plans.sextant());
    chosen.requireSound("the plan", layout.gpus());
    return new Planned(
        chosen,
        current,
        migration,
        plans.greedy(),
        plans.sextant(),
        plans.sampledTokens(),
        plans.windowTokens());
  }

  /** The steps from the map in force to the candidate; empty where there is no map in force. */
  public static Optional<String> movesJson(Planned planned) {
    return planned.migration().map(migration -> MovesFile.toJson(migration.moves()));
  }

  /** Scores the plans, decides, and keeps the rows for analysts. */
  public Scored score(SparkSession spark, TraceWindow scoreWindow, Planned planned, String runId) {
    progress.say(
        "planned from %,d of %,d tokens a layer; scoring",
        planned.sampledTokens(), planned.windowTokens());
    Plan linear = Plan.of(LINEAR, linear());
    Plan candidate = Plan.of(SEXTANT, planned.placement());
    List<Plan> plans = new ArrayList<>();
    plans.add(linear);
    plans.add(Plan.of(GREEDY, planned.greedy()));
    plans.add(candidate);
    Plan inForce = linear;
    if (planned.current() != null) {
      inForce = Plan.of(CURRENT, planned.current());
      plans.add(inForce);
      plans.add(Plan.of(AFRESH, planned.afresh()));
    }
    PlanScores scores =
        new EvaluateJob(spark, cluster.settings(model, layout, Map.of(), Pool.BOTH))
            .onWarehouse(scoreWindow, plans);
    MovedBytes movedBytes =
        planned.migration().map(migration -> migration.movedBytes(plans)).orElse(MovedBytes.NONE);
    ScoreTable table = new ScoreTable(scores, movedBytes);
    String day = scoreWindow.lastDay(spark);
    new PlanRows(model, layout, runId)
        .write(
            scoreWindow,
            day,
            plans,
            scores,
            movedBytes,
            SEXTANT,
            planned.migration().map(MigrationOutcome::moves));
    PlanDecision judge = new PlanDecision(model, cluster.cluster(), rule, hoursUntilRefresh);
    Decision decision =
        planned.current() == null
            ? judge.ofFirst(linear, scores, candidate)
            : judge.against(inForce, scores, candidate);
    new DecisionRow("refresh", inForce.name(), decision).append(scoreWindow, day, runId);
    return new Scored(decision, scores, movedBytes, table.json(model.moeLayers()), table.text());
  }

  private PlacementMap linear() {
    int[][] rows = new int[model.moeLayers().size()][];
    for (int l = 0; l < rows.length; l++) {
      rows[l] = LinearPlacement.place(model.experts(), layout.slots());
    }
    return new PlacementMap(model.name(), model.experts(), model.moeLayers(), rows);
  }
}
