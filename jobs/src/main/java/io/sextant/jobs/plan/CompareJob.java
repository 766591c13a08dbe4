package io.sextant.jobs.plan;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.score.EvaluateJob;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanScores;
import io.sextant.jobs.window.DayRule;
import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.decision.DecisionRule;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.spec.ModelSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.SparkSession;

/**
 * Plans with every planner on one window and scores all of them, and any maps given, on another:
 * one Spark job each.
 */
public final class CompareJob {
  private final ModelSpec model;
  private final ClusterOptions cluster;
  private final SlotLayout layout;
  private final boolean daysAlike;
  private final SolverSettings settings;
  private final Progress progress;

  public CompareJob(
      ModelSpec model,
      ClusterOptions cluster,
      int slots,
      boolean daysAlike,
      SolverSettings settings,
      Progress progress) {
    this.model = model;
    this.cluster = cluster;
    this.layout = cluster.layout(model, slots);
    this.daysAlike = daysAlike;
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * @param given maps to score beside the planned ones; their names differ from the planners'
   * @param current the map in force, one of {@code given}, or null: against it Sextant's plan is
   *     decided upon
   */
  public Comparison run(
      SparkSession spark,
      TraceWindow window,
      TraceWindow scoreWindow,
      List<Plan> given,
      Plan current,
      DecisionRule rule,
      double hoursUntilRefresh) {
    List<Planner> planners = new ArrayList<>();
    Map<String, String> obstacles = new LinkedHashMap<>();
    for (Planner planner : Planner.values()) {
      planner
          .obstacle(model, layout)
          .ifPresentOrElse(
              why -> obstacles.put(planner.planName(), why), () -> planners.add(planner));
    }
    requireDistinctNames(given);
    progress.say(
        "planning %d layers of %d experts into %d slots with %d planners",
        model.moeLayers().size(), model.experts(), layout.slots(), planners.size());
    SolveJob.PlannedMaps planned =
        new SolveJob(
                spark,
                window,
                new DayRule(window.equals(scoreWindow) ? null : scoreWindow.firstDay(), daysAlike),
                model,
                layout,
                cluster.sources(),
                settings,
                cluster.microBatchTokens(Pool.BOTH))
            .run(planners);
    List<Plan> plans = new ArrayList<>();
    Map<String, Double> cpuSeconds = new LinkedHashMap<>();
    for (Map.Entry<Planner, PlacementMap> map : planned.maps().entrySet()) {
      plans.add(Plan.of(map.getKey().planName(), map.getValue()));
      cpuSeconds.put(map.getKey().planName(), planned.cpuSeconds().get(map.getKey()));
    }
    plans.addAll(given);
    progress.say("scoring %d plans", plans.size());
    PlanScores scores =
        new EvaluateJob(spark, cluster.settings(model, layout, Map.of(), Pool.BOTH))
            .onWarehouse(scoreWindow, plans);
    Plan sextant = Plan.of(Planner.SEXTANT.planName(), planned.maps().get(Planner.SEXTANT));
    return new Comparison(
        scores,
        cpuSeconds,
        obstacles,
        planned.sampledTokens(),
        planned.windowTokens(),
        planned.days(),
        current == null
            ? Optional.empty()
            : Optional.of(
                new PlanDecision(model, cluster.cluster(), rule, hoursUntilRefresh)
                    .against(current, scores, sextant)));
  }

  private static void requireDistinctNames(List<Plan> plans) {
    Set<String> names = new HashSet<>();
    for (Planner planner : Planner.values()) {
      names.add(planner.planName());
    }
    for (Plan plan : plans) {
      if (!names.add(plan.name())) {
        throw InvalidInputException.of(
            "--plan " + plan.name(),
            "there is another plan of that name",
            "Name each map once, and none like a method");
      }
    }
  }
}
