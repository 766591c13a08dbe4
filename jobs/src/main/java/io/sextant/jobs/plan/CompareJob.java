package io.sextant.jobs.plan;

import io.sextant.jobs.decide.DecisionTerms;
import io.sextant.jobs.layers.PlanOrder;
import io.sextant.jobs.layers.PlannedMaps;
import io.sextant.jobs.layers.Planner;
import io.sextant.jobs.score.MovedBytes;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.window.RequestRoutes;
import io.sextant.placement.decision.Decision;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Plans with every planner on one window and scores these plans, and any maps given, on another:
 * one Spark job for each window.
 *
 * @param settings solver settings of Sextant
 */
public record CompareJob(PlanRun run, SolverSettings settings) {

  /**
   * @param given further maps to score; their names differ from the planners'
   * @param current the map in force, one of {@code given}; the decision is between it and Sextant's
   *     plan
   */
  public Comparison run(List<Plan> given, Optional<Plan> current, DecisionTerms terms) {
    Map<String, String> obstacles = new LinkedHashMap<>();
    List<Planner> planners = planners(run.target(), obstacles);
    requireDistinctNames(given);
    run.announce("with %d planners".formatted(planners.size()));
    PlannedMaps planned =
        run.plan(run.sample(), new PlanOrder(planners, settings, Optional.empty(), false));
    List<Plan> plans = new ArrayList<>();
    Map<String, Double> cpuSeconds = new LinkedHashMap<>();
    for (Map.Entry<Planner, PlacementMap> map : planned.maps().entrySet()) {
      plans.add(Plan.of(map.getKey().planName(), map.getValue()));
      cpuSeconds.put(map.getKey().planName(), planned.cpuSeconds().get(map.getKey()));
    }
    plans.addAll(given);
    run.progress().say("scoring %d plans", plans.size());
    Scored scored = run.score(planned, plans, new RequestRoutes(), MovedBytes.NONE);
    return new Comparison(
        scored.scores(),
        cpuSeconds,
        obstacles,
        planned,
        current.map(inForce -> decision(inForce, scored, planned.sextant(), terms)));
  }

  /**
   * The planners that can plan for the target.
   *
   * @param obstacles receives the reason for each planner that cannot
   */
  static List<Planner> planners(PlanTarget target, Map<String, String> obstacles) {
    List<Planner> planners = new ArrayList<>();
    for (Planner planner : Planner.values()) {
      planner
          .obstacle(target.model(), target.layout())
          .ifPresentOrElse(
              why -> obstacles.put(planner.planName(), why), () -> planners.add(planner));
    }
    return planners;
  }

  /** Decides, and stores the decision as a row. */
  private Decision decision(
      Plan inForce, Scored scored, PlacementMap sextant, DecisionTerms terms) {
    Decision decision =
        run.decide(terms)
            .against(inForce, scored.scores(), Plan.of(Planner.SEXTANT.planName(), sextant));
    run.keep(scored).decision("compare", inForce.name(), decision);
    return decision;
  }

  /** Checks that no map has the name of a planner or of another map. */
  static void requireDistinctNames(List<Plan> plans) {
    Set<String> names = new HashSet<>();
    for (Planner planner : Planner.values()) {
      names.add(planner.planName());
    }
    for (Plan plan : plans) {
      if (!names.add(plan.name())) {
        throw InvalidInputException.of(
            "--plan " + plan.name(),
            "there is another plan with that name",
            "Name each map once, and do not give a map the name of a method");
      }
    }
  }
}
