package io.sextant.jobs.placement;

import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.RunId;
import io.sextant.jobs.cli.WarehouseOptions;
import io.sextant.jobs.plan.ClusterOptions;
import io.sextant.jobs.plan.PlanningPipeline;
import io.sextant.jobs.plan.Solved;
import io.sextant.jobs.spark.WarehouseRun;
import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.InvalidInputException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sextant solve}. */
@Command(
    name = "solve",
    description = "Plans which experts every GPU holds, and scores the plan.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The plan is made from --from to --to and scored on --score-from to --score-to, which should"
          + " be later days; without them it is scored on its own window, which flatters it.",
      "Example: sextant solve --warehouse warehouse --model sextant-128x8 --cluster 4x8-h200"
          + " --slots 128 --out plan"
    })
public final class SolveCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private WarehouseOptions warehouse;
  @Mixin private ClusterOptions cluster;
  @Mixin private JsonOption json;

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
              + " day or weekend) count a quarter.")
  private boolean daysAlike;

  @Option(names = "--score-from", paramLabel = "DAY", description = "First day to score on.")
  private String scoreFrom;

  @Option(names = "--score-to", paramLabel = "DAY", description = "Last day to score on.")
  private String scoreTo;

  @Option(
      names = "--group",
      description =
          "Also group requests: those that use the same experts run on the same node. Writes"
              + " groups.json for route, evaluate and a router.")
  private boolean group;

  @Option(
      names = "--uneven-layers",
      description =
          "Let layers have different numbers of slots, layers x N in all: more where copies bring"
              + " most. SGLang and vLLM need the same number in every layer; export says so.")
  private boolean unevenLayers;

  @Option(
      names = "--pool",
      defaultValue = "both",
      paramLabel = "POOL",
      description =
          "The phases these GPUs serve: both, prefill or decode (default ${DEFAULT-VALUE}). A decode"
              + " pool is balanced by the experts it activates, not by tokens.")
  private String pool;

  @Option(
      names = "--current",
      paramLabel = "MAP",
      description =
          "The map in force, or the folder solve wrote it to. The plan stays close to it, moves.json"
              + " says how to get there, and the front of traffic and balance against moved bytes is"
              + " printed.")
  private Path current;

  @Option(
      names = "--max-moved-bytes",
      paramLabel = "B",
      description =
          "With --current: the most expert weights that may be copied between GPUs, in bytes or as a"
              + " share of all experts (5%%). No limit by default.")
  private String maxMovedBytes;

  @Option(
      names = "--seconds",
      defaultValue = "8",
      paramLabel = "S",
      description =
          "CPU to spend on a layer (default ${DEFAULT-VALUE}). It is turned into a number of"
              + " steps, so that the same seed gives the same plan on any machine.")
  private double seconds;

  @Option(
      names = "--balance",
      paramLabel = "W",
      description =
          "What a max/mean GPU load higher by 1.0 may cost, in remote nodes per token: more for"
              + " balance, less for traffic. By default 0.5 with redundant copies, else by the"
              + " shape of the cluster. docs/evidence/solver.md has the front.")
  private Double balance;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "K",
      description = "Root of every random choice (default ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description =
          "Folder for placement.json, the baselines and metrics.json; with --current also"
              + " moves.json.")
  private Path out;

  private SolverSettings settings() {
    SolverSettings settings =
        SolverSettings.forSeconds(
            seconds, cluster.layout(warehouse.model(), slots), warehouse.model().experts(), seed);
    return balance == null ? settings : settings.withGpuLoadWeight(balance);
  }

  /** Null where requests are not grouped. */
  private SolverSettings groupSettings(SolverSettings settings) {
    if (!group) {
      return null;
    }
    return balance != null
        ? settings
        : settings.forGroups(cluster.layout(warehouse.model(), slots), warehouse.model().experts());
  }

  @Override
  public Integer call() throws Exception {
    if (!(seconds > 0 && seconds <= 3600)) {
      throw InvalidInputException.of(
          "--seconds " + seconds, "it must be above 0 and at most 3600", "Give 4, for example");
    }
    if (balance != null && !(balance >= 0 && balance <= 1000)) {
      throw InvalidInputException.of(
          "--balance " + balance, "it must be from 0 to 1000", "Give 1, for example");
    }
    if (maxMovedBytes != null && current == null) {
      throw InvalidInputException.of(
          "--max-moved-bytes " + maxMovedBytes,
          "there is no map to move from",
          "Give the map in force with --current");
    }
    if (group && current != null) {
      throw InvalidInputException.of(
          "--group",
          "a grouped plan cannot keep to --current yet",
          "Plan groups without --current, or stay close to the map in force without --group");
    }
    if (unevenLayers && (group || current != null)) {
      throw InvalidInputException.of(
          "--uneven-layers",
          "%s needs the same number of slots in every layer"
              .formatted(group ? "--group" : "--current"),
          "Leave one of them out");
    }
    Pool served = Pool.named(pool);
    if (group && served == Pool.DECODE) {
      throw InvalidInputException.of(
          "--group",
          "requests are routed by their prompt, which a decode pool does not see",
          "Group with --pool both or prefill");
    }
    Progress progress = new Progress();
    TraceWindow window =
        new TraceWindow(warehouse.folder(), warehouse.model().name(), from, to, served);
    TraceWindow scoreWindow =
        scoreFrom == null && scoreTo == null
            ? window
            : new TraceWindow(
                warehouse.folder(), warehouse.model().name(), scoreFrom, scoreTo, served);
    String runId = RunId.now();
    SolverSettings settings = settings().balancing(served.balanced());
    PlanningPipeline pipeline =
        new PlanningPipeline(
            warehouse.model(),
            cluster,
            slots,
            settings,
            groupSettings(settings),
            unevenLayers,
            current,
            maxMovedBytes,
            runId,
            progress);
    return WarehouseRun.of(
        warehouse.folder(),
        command,
        runId,
        progress,
        spark -> {
          Solved solved = pipeline.run(spark, window, scoreWindow, daysAlike, out.toString());
          json.print(solved.text(), solved::json);
        });
  }
}
