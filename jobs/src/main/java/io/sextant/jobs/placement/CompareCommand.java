package io.sextant.jobs.placement;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.cli.Invocation;
import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.RunId;
import io.sextant.jobs.cli.WarehouseOptions;
import io.sextant.jobs.decide.DecisionTerms;
import io.sextant.jobs.mixin.ClusterOptions;
import io.sextant.jobs.mixin.DecisionOptions;
import io.sextant.jobs.mixin.RestOption;
import io.sextant.jobs.mixin.SolverOptions;
import io.sextant.jobs.mixin.TrafficOptions;
import io.sextant.jobs.mixin.WindowOptions;
import io.sextant.jobs.plan.CompareJob;
import io.sextant.jobs.plan.Comparison;
import io.sextant.jobs.plan.PlanRun;
import io.sextant.jobs.plan.ServingMatrix;
import io.sextant.jobs.plan.ServingScores;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.spark.WarehouseRun;
import io.sextant.jobs.throughput.RestTime;
import io.sextant.jobs.throughput.Throughput;
import io.sextant.jobs.throughput.ThroughputTable;
import io.sextant.jobs.window.PlanWindows;
import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.SourceRanks;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.placement.PlanId;
import io.sextant.schema.placement.PlanOrigin;
import io.sextant.schema.spec.ModelSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sextant compare}. */
@Command(
    name = "compare",
    description =
        "Plans with Sextant and with published methods, and scores all plans on the same"
            + " later traces.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "--serving all: Sextant plans for every profile of conf/serving, and every plan is scored"
          + " under every profile.",
      "Methods: linear; EPLB, global and hierarchical; grouping by co-activation; FlashLB's mean"
          + " plus risk; Sextant. docs/decision.md explains the intervals and the decision.",
      "Example: sextant compare --warehouse warehouse --model sextant-128x8 --cluster 4x8-h200"
          + " --slots 128 --to 2026-09-13 --score-from 2026-09-14 --current plan/placement.json"
    })
public final class CompareCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private WarehouseOptions warehouse;
  @Mixin private ClusterOptions cluster;
  @Mixin private WindowOptions days;
  @Mixin private TrafficOptions traffic;
  @Mixin private SolverOptions solver;
  @Mixin private DecisionOptions decision;
  @Mixin private RestOption rest;

  @Option(
      names = "--plan",
      arity = "1..*",
      paramLabel = "FILE",
      description = "Further maps to score: Sextant's, any engine's, or a folder of solve.")
  private List<String> given = List.of();

  @Option(
      names = "--current",
      paramLabel = "FILE",
      description =
          "The map in force, or a folder of solve. It is scored as well, and the decision is made"
              + " against it.")
  private String current;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws Exception {
    ModelSpec model = warehouse.model();
    DecisionTerms terms = decision.terms(solver.seed());
    if (cluster.everyProfile() && current != null) {
      throw InvalidInputException.of(
          "--current with --serving all",
          "a decision is made under one profile",
          "Name the profile, or give the map with --plan");
    }
    List<PlanTarget> targets =
        cluster.targets(
            model, solver.slots(model, cluster.cluster(), cluster.packaging(model)), Pool.BOTH);
    String memory = solver.memory(targets.get(0));
    List<SolverSettings> settings = targets.stream().map(solver::settings).toList();
    Optional<RestTime> restTime = rest.of(targets.get(0));
    PlanWindows windows = days.windows(warehouse, Pool.BOTH).changedBy(traffic.change());
    List<Plan> plans = new ArrayList<>();
    for (String file : given) {
      plans.add(plan(file, file, targets.get(0)));
    }
    Optional<Plan> inForce =
        Optional.ofNullable(current).map(file -> plan(Plan.CURRENT, file, targets.get(0)));
    inForce.ifPresent(plans::add);
    Progress progress = new Progress();
    progress.say("%s", memory);
    String runId = RunId.now();
    return WarehouseRun.of(
        warehouse.folder(),
        Invocation.of(command),
        runId,
        progress,
        spark -> {
          int ranks = SourceRanks.count(spark, windows);
          PlanWindows changed = windows.withChangedTraffic(spark, model);
          progress.say("%s", targets.get(0).withRanks(ranks).sources().text());
          List<CompareJob> jobs = new ArrayList<>();
          for (int i = 0; i < targets.size(); i++) {
            PlanTarget target = targets.get(i).withRanks(ranks);
            jobs.add(
                new CompareJob(
                    new PlanRun(spark, target, changed, runId, progress), settings.get(i)));
          }
          if (cluster.everyProfile()) {
            ServingScores found = new ServingMatrix(jobs).run(plans);
            json.print(found.text(), found::json);
          } else {
            Comparison found = jobs.get(0).run(plans, inForce, terms);
            Optional<ThroughputTable> throughput =
                restTime.map(
                    time ->
                        new ThroughputTable(new Throughput(targets.get(0), time), found.scores()));
            json.print(
                found.text()
                    + throughput.map(ThroughputTable::text).orElseGet(ThroughputTable::unavailable),
                () -> json(found, throughput, model));
          }
        });
  }

  private static ObjectNode json(
      Comparison found, Optional<ThroughputTable> throughput, ModelSpec model) {
    ObjectNode root = found.json(model.moeLayers());
    throughput.ifPresent(of -> of.put(root.putObject("throughput")));
    return root;
  }

  /** A given map, with the id that its file names or that its content gives. */
  private static Plan plan(String name, String file, PlanTarget target) {
    Path path = Path.of(file);
    PlacementMap map = PlacementMaps.read(path, target.model());
    map.requireUsable(file, target.cluster().gpus());
    PlanId id =
        PlacementMaps.origin(path)
            .map(PlanOrigin::id)
            .filter(plan -> plan.isOf(map))
            .orElseGet(() -> PlanId.of(map, target.inputs(null, null)));
    return Plan.of(name, map).withId(id);
  }
}
