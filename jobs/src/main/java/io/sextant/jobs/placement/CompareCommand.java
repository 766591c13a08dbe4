package io.sextant.jobs.placement;

import static io.sextant.jobs.cli.OptionRange.require;

import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.RunId;
import io.sextant.jobs.cli.WarehouseOptions;
import io.sextant.jobs.plan.ClusterOptions;
import io.sextant.jobs.plan.CompareJob;
import io.sextant.jobs.plan.Comparison;
import io.sextant.jobs.plan.DecisionRow;
import io.sextant.jobs.plan.MigrationOutcome;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.spark.WarehouseRun;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.decision.DecisionRule;
import io.sextant.placement.decision.MovingCost;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.spec.ModelSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        "Plans with Sextant and with the published methods, and scores all of them on the same"
            + " later traces.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Methods: linear; EPLB, global and hierarchical; grouping by co-activation; FlashLB's mean plus"
          + " risk; Sextant. docs/decision.md says how the intervals and the decision are made.",
      "Example: sextant compare --warehouse warehouse --model sextant-128x8 --cluster 4x8-h200"
          + " --slots 128 --to 2026-09-13 --score-from 2026-09-14 --current plan/placement.json"
    })
public final class CompareCommand implements Callable<Integer> {
  private static final String CURRENT = MigrationOutcome.CURRENT;

  @Spec private CommandSpec command;
  @Mixin private WarehouseOptions warehouse;
  @Mixin private ClusterOptions cluster;

  @Option(
      names = "--slots",
      required = true,
      paramLabel = "N",
      description = "Physical slots of a layer, over all GPUs: experts plus redundant copies.")
  private int slots;

  @Option(names = "--from", paramLabel = "DAY", description = "First day to plan on, yyyy-MM-dd.")
  private String from;

  @Option(names = "--to", paramLabel = "DAY", description = "Last day to plan on.")
  private String to;

  @Option(
      names = "--days-alike",
      description =
          "Plan on all days alike. By default days of another kind than the planned one (working"
              + " day or weekend) count a quarter, for every method.")
  private boolean daysAlike;

  @Option(names = "--score-from", paramLabel = "DAY", description = "First day to score on.")
  private String scoreFrom;

  @Option(names = "--score-to", paramLabel = "DAY", description = "Last day to score on.")
  private String scoreTo;

  @Option(
      names = "--plan",
      arity = "1..*",
      paramLabel = "FILE",
      description = "Maps to score as well: Sextant's or SGLang's.")
  private List<String> given = List.of();

  @Option(
      names = "--current",
      paramLabel = "FILE",
      description = "The map in force: scored too, and the decision is made against it.")
  private String current;

  @Option(
      names = "--minimum-gain",
      defaultValue = "0.5",
      paramLabel = "PERCENT",
      description =
          "Least fall of the layer time that is worth a change (default ${DEFAULT-VALUE}).")
  private double minimumGainPercent;

  @Option(
      names = "--refresh-hours",
      defaultValue = "" + MovingCost.NIGHTLY_HOURS,
      paramLabel = "H",
      description =
          "Busy hours until the next refresh, which pay for a move (default ${DEFAULT-VALUE}).")
  private double refreshHours;

  @Option(
      names = "--seconds",
      defaultValue = "8",
      paramLabel = "S",
      description = "CPU that Sextant spends on a layer (default ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "K",
      description = "Root of every random choice (default ${DEFAULT-VALUE}).")
  private long seed;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws Exception {
    require("--seconds", seconds, seconds > 0 && seconds <= 3600, "above 0 and at most 3600");
    require(
        "--minimum-gain",
        minimumGainPercent,
        minimumGainPercent >= 0 && minimumGainPercent < 100,
        "at least 0 and below 100");
    require("--refresh-hours", refreshHours, refreshHours > 0, "above 0");
    Progress progress = new Progress();
    ModelSpec model = warehouse.model();
    TraceWindow window = new TraceWindow(warehouse.folder(), model.name(), from, to);
    TraceWindow scoreWindow =
        scoreFrom == null && scoreTo == null
            ? window
            : new TraceWindow(warehouse.folder(), model.name(), scoreFrom, scoreTo);
    List<Plan> plans = new ArrayList<>();
    for (String file : given) {
      plans.add(plan(file, file, model));
    }
    Plan inForce = current == null ? null : plan(CURRENT, current, model);
    String runId = RunId.now();
    if (inForce != null) {
      plans.add(inForce);
    }
    DecisionRule rule =
        new DecisionRule(
            minimumGainPercent / 100, DecisionRule.DEFAULT.minimumMicroBatches(), seed);
    CompareJob job =
        new CompareJob(
            model,
            cluster,
            slots,
            daysAlike,
            SolverSettings.forSeconds(
                seconds,
                cluster.layout(warehouse.model(), slots),
                warehouse.model().experts(),
                seed),
            progress);
    return WarehouseRun.of(
        warehouse.folder(),
        command,
        runId,
        progress,
        spark -> {
          Comparison found =
              job.run(spark, window, scoreWindow, plans, inForce, rule, refreshHours);
          found
              .decision()
              .ifPresent(
                  decision ->
                      new DecisionRow("compare", CURRENT, decision)
                          .append(scoreWindow, scoreWindow.lastDay(spark), runId));
          json.print(found.text(), () -> found.json(model.moeLayers()));
        });
  }

  private Plan plan(String name, String file, ModelSpec model) {
    PlacementMap map = PlacementMaps.read(Path.of(file), model);
    map.requireUsable(file, cluster.cluster().gpus());
    return Plan.of(name, map);
  }
}
