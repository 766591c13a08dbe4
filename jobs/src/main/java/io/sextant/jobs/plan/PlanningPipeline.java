package io.sextant.jobs.plan;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.score.CostModels;
import io.sextant.jobs.score.EvaluateJob;
import io.sextant.jobs.score.MovedBytes;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanScores;
import io.sextant.jobs.score.ScoreTable;
import io.sextant.jobs.table.SmallTable;
import io.sextant.jobs.window.DayRule;
import io.sextant.jobs.window.PlanningSample;
import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.baseline.LinearPlacement;
import io.sextant.placement.decision.Decision;
import io.sextant.placement.decision.DecisionRule;
import io.sextant.placement.decision.MovingCost;
import io.sextant.placement.migration.MovesFile;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.table.PlanTables;
import io.sextant.schema.table.PlanTables.MicroBatchGroupRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Plans on one window of the warehouse, scores linear, greedy and Sextant on another, and keeps
 * both: files for engines and people, rows for analysts.
 */
public final class PlanningPipeline {
  /** Name of the plan file, in the folder of a plan. */
  public static final String PLACEMENT_FILE = "placement.json";

  public static final String METRICS_FILE = "metrics.json";
  public static final String GREEDY_FILE = "greedy.json";
  public static final String LINEAR = "linear";
  public static final String GREEDY = "greedy";
  public static final String SEXTANT = "sextant";

  private static final String MOVES_FILE = "moves.json";
  private static final String GROUPS_FILE = "groups.json";
  private static final String UNGROUPED_FILE = "ungrouped.json";
  private static final String GROUPED = "grouped";

  private final ModelSpec model;
  private final ClusterOptions cluster;
  private final SlotLayout layout;
  private final SolverSettings settings;
  private final SolverSettings groupSettings;
  private final boolean unevenLayers;
  private final CurrentMap current;
  private final String runId;
  private final Progress progress;

  /**
   * @param groupSettings how placements for groups of requests are solved; null where requests are
   *     not grouped
   * @param unevenLayers whether layers may have different numbers of slots, as many in all
   * @param currentFile the map in force; null where there is none
   * @param maxMovedBytes the limit as it was written; null for none
   */
  public PlanningPipeline(
      ModelSpec model,
      ClusterOptions cluster,
      int slots,
      SolverSettings settings,
      SolverSettings groupSettings,
      boolean unevenLayers,
      Path currentFile,
      String maxMovedBytes,
      String runId,
      Progress progress) {
    this.model = model;
    this.cluster = cluster;
    this.layout = cluster.layout(model, slots);
    this.settings = settings;
    this.groupSettings = groupSettings;
    this.unevenLayers = unevenLayers;
    this.current =
        currentFile == null
            ? null
            : CurrentMap.read(
                currentFile,
                model,
                layout,
                maxMovedBytes == null
                    ? CurrentMap.UNLIMITED
                    : MovedBytesLimit.slots(maxMovedBytes, model, CostModels.expertBytes(model)));
    this.runId = runId;
    this.progress = progress;
  }

  /**
   * @param daysAlike whether all days of the window count the same; days of counts always do
   * @param out folder for the files; nothing is written there before the plan is scored
   */
  public Solved run(
      SparkSession spark,
      TraceWindow window,
      TraceWindow scoreWindow,
      boolean daysAlike,
      String out)
      throws IOException {
    progress.say(
        "planning %d layers of %d experts into %d slots on %s",
        model.moeLayers().size(), model.experts(), layout.slots(), cluster.cluster().name());
    Optional<Dataset<Row>> counts =
        window.loadCounts(spark).filter(any -> !window.hasTraces(spark));
    if (counts.isPresent()) {
      requireNothingThatNeedsTraces(window);
      return new LoadOnlyPlan(model, layout, settings.seed(), progress)
          .run(spark, window, counts.get(), scoreWindow, Path.of(out));
    }
    DayRule dayRule =
        new DayRule(window.equals(scoreWindow) ? null : scoreWindow.firstDay(), daysAlike);
    SolveJob.Plans plans =
        new SolveJob(
                spark,
                window,
                dayRule,
                model,
                layout,
                cluster.sources(),
                settings,
                cluster.microBatchTokens(window.pool()))
            .run(current, unevenLayers);
    MigrationOutcome migration =
        current == null ? null : new MigrationOutcome(model, layout, current, plans.options());
    if (migration != null) {
      plans = plans.withSextant(migration.chosen());
    }
    if (current == null) {
      plans.sextant().requireSound("the plan", layout.gpus());
    } else {
      plans.sextant().requireSound("the plan", layout.gpus(), current.map(model));
    }
    progress.say(
        "planned from %,d of %,d tokens a layer; scoring",
        plans.sampledTokens(), plans.windowTokens());
    if (unevenLayers) {
      progress.say(
          "slots by layer: %s",
          Arrays.stream(plans.sextant().physicalToLogical()).map(row -> row.length).toList());
    }
    PlacementMap linear = linear();
    // Kept as rows and shown to people; the rest of a front is in its own table and metrics.json.
    List<Plan> kept = new ArrayList<>();
    kept.add(Plan.of(LINEAR, linear));
    kept.add(Plan.of(GREEDY, plans.greedy()));
    kept.add(Plan.of(SEXTANT, plans.sextant()));
    GroupingJob grouping = null;
    GroupingJob.Grouped grouped = null;
    Map<Long, Integer> routes = Map.of();
    if (groupSettings != null) {
      grouping =
          new GroupingJob(
              model,
              layout,
              cluster.sources(),
              groupSettings,
              cluster.microBatchTokens(window.pool()),
              progress);
      grouped = grouping.run(PlanningSample.of(spark, window, model, dayRule));
      grouped.map().requireSound("the grouped plan", layout.gpus());
      routes =
          grouping.routes(PlanningSample.inOrder(scoreWindow.rows(spark), model), grouped.router());
      kept.add(Plan.of(GROUPED, grouped.map()).withRoutes());
    }
    List<Plan> scored = new ArrayList<>(kept);
    MovedBytes movedBytes = MovedBytes.NONE;
    if (migration != null) {
      kept.add(new Plan(MigrationOutcome.CURRENT, current.slots()));
      scored.addAll(migration.front());
      movedBytes = migration.movedBytes(scored);
    }
    PlanScores scores =
        new EvaluateJob(spark, cluster.settings(model, layout, routes, window.pool()))
            .onWarehouse(scoreWindow, scored);
    ScoreTable all = new ScoreTable(scores, movedBytes);
    keepFiles(Path.of(out), plans, all, migration);
    PlanScores shown = scores.only(kept.stream().map(Plan::name).toList());
    String day = scoreWindow.lastDay(spark);
    new PlanRows(model, layout, runId)
        .write(
            scoreWindow,
            day,
            kept,
            shown,
            movedBytes,
            SEXTANT,
            Optional.ofNullable(migration).map(MigrationOutcome::moves));
    if (grouped != null) {
      keepGroups(window, day, out, plans.sextant(), grouped, routes);
    }
    Optional<Decision> decision =
        migration == null ? Optional.empty() : decision(scoreWindow, day, scores, plans);
    Path placement = Path.of(out, PLACEMENT_FILE);
    return new Solved(
        new ScoreTable(shown).text()
            + (migration == null ? "" : migration.text(scores))
            + (grouped == null
                ? ""
                : GroupedPlanNote.line(
                    scores.metrics(GROUPED), scores.metrics(SEXTANT), UNGROUPED_FILE))
            + decision.map(DecisionJson::line).orElse("")
            + plans.days().line()
            + "placement  %s%n".formatted(placement),
        all.plans(model.moeLayers()),
        decision,
        Optional.of(plans.days()),
        placement);
  }

  /** What the default rule says of the plan, kept as a row; empty where no time is comparable. */
  private Optional<Decision> decision(
      TraceWindow scoreWindow, String day, PlanScores scores, SolveJob.Plans plans) {
    Plan inForce = new Plan(MigrationOutcome.CURRENT, current.slots());
    if (scores.series(inForce.name()).isEmpty()) {
      return Optional.empty();
    }
    Decision decision =
        new PlanDecision(model, cluster.cluster(), DecisionRule.DEFAULT, MovingCost.NIGHTLY_HOURS)
            .against(inForce, scores, Plan.of(SEXTANT, plans.sextant()));
    new DecisionRow("solve", inForce.name(), decision).append(scoreWindow, day, runId);
    return Optional.of(decision);
  }

  private void requireNothingThatNeedsTraces(TraceWindow window) {
    if (groupSettings != null || current != null || unevenLayers || window.pool() != Pool.BOTH) {
      throw InvalidInputException.of(
          "traces of " + window.describe(),
          "they only count tokens of each expert, and %s needs each token's experts"
              .formatted(
                  groupSettings != null
                      ? "--group"
                      : current != null
                          ? "--current"
                          : unevenLayers ? "--uneven-layers" : "--pool"),
          "Leave it out to balance load only, or ingest traces of requests");
    }
  }

  private PlacementMap linear() {
    int[][] rows = new int[model.moeLayers().size()][];
    for (int l = 0; l < rows.length; l++) {
      rows[l] = LinearPlacement.place(model.experts(), layout.slots());
    }
    return new PlacementMap(model.name(), model.experts(), model.moeLayers(), rows);
  }

  private void keepFiles(
      Path out, SolveJob.Plans plans, ScoreTable table, MigrationOutcome migration)
      throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve(METRICS_FILE), table.json(model.moeLayers()));
    PlacementMaps.write(out.resolve(GREEDY_FILE), plans.greedy());
    if (migration != null) {
      Files.writeString(out.resolve(MOVES_FILE), MovesFile.toJson(migration.moves()));
    }
    PlacementMaps.write(out.resolve(PLACEMENT_FILE), plans.sextant());
  }

  private void keepGroups(
      TraceWindow window,
      String day,
      String out,
      PlacementMap ungrouped,
      GroupingJob.Grouped grouped,
      Map<Long, Integer> routes)
      throws IOException {
    grouped.router().write(Path.of(out, GROUPS_FILE));
    // The plan is the grouped one then; the other is kept to compare with.
    PlacementMaps.write(Path.of(out, UNGROUPED_FILE), ungrouped);
    PlacementMaps.write(Path.of(out, PLACEMENT_FILE), grouped.map());
    List<MicroBatchGroupRow> rows = new ArrayList<>();
    routes.forEach(
        (id, node) -> rows.add(new MicroBatchGroupRow(id, node, runId, model.name(), day)));
    SmallTable.write(
        rows,
        PlanTables.MICRO_BATCH_GROUPS,
        window.warehouse() + "/" + PlanTables.MICRO_BATCH_GROUPS.name());
  }
}
