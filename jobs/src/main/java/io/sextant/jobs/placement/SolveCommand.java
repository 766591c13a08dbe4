package io.sextant.jobs.placement;

import io.sextant.jobs.cli.Invocation;
import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.RunId;
import io.sextant.jobs.cli.WarehouseOptions;
import io.sextant.jobs.group.GroupOrder;
import io.sextant.jobs.migrate.CurrentMap;
import io.sextant.jobs.migrate.MovedBytesLimit;
import io.sextant.jobs.mixin.ClusterOptions;
import io.sextant.jobs.mixin.PoolNames;
import io.sextant.jobs.mixin.RestOption;
import io.sextant.jobs.mixin.RouterNames;
import io.sextant.jobs.mixin.SolverOptions;
import io.sextant.jobs.mixin.SurvivalOption;
import io.sextant.jobs.mixin.TrafficOptions;
import io.sextant.jobs.mixin.WindowOptions;
import io.sextant.jobs.plan.PlanFolder;
import io.sextant.jobs.plan.PlanRun;
import io.sextant.jobs.plan.SolveJob;
import io.sextant.jobs.plan.SolveOrder;
import io.sextant.jobs.plan.Solved;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.spark.WarehouseRun;
import io.sextant.jobs.storage.OutputCheck;
import io.sextant.jobs.window.PlanWindows;
import io.sextant.jobs.window.Pool;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.RouterKnowledge;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sextant solve}. */
@Command(
    name = "solve",
    description = "Plans which experts each GPU holds, and scores the plan.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The plan is made from --from to --to and scored on --score-from to --score-to, which should"
          + " be later days; without them it is scored on its own window, which makes the"
          + " scores too good.",
      "What if: --mix, --scale and --arrivals change the traffic that is planned for and scored,"
          + " for example --scale java=2 for a launch; docs/solver.md explains it.",
      "Example: sextant solve --warehouse warehouse --model sextant-128x8 --cluster 4x8-h200"
          + " --slots 128 --out plan"
    })
public final class SolveCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private WarehouseOptions warehouse;
  @Mixin private ClusterOptions cluster;
  @Mixin private WindowOptions days;
  @Mixin private TrafficOptions traffic;
  @Mixin private SolverOptions solver;
  @Mixin private SurvivalOption survival;
  @Mixin private RestOption rest;
  @Mixin private JsonOption json;

  @Option(
      names = "--group",
      description =
          "Also group requests, so that requests which use the same experts run on the same"
              + " node. Writes groups.json for route, evaluate and a router.")
  private boolean group;

  @Option(
      names = "--router",
      paramLabel = "KNOWLEDGE",
      completionCandidates = RouterNames.class,
      description =
          "With --group: what the router knows of a request when it chooses the node, one of"
              + " ${COMPLETION-CANDIDATES} (default: the profile's, or the first that the traces"
              + " allow of prompt-tokens, label and prefill). prefill: the experts of the prompt. A"
              + " router knows the prefill only for the decode pool of a deployment with separate"
              + " pools.")
  private String router;

  @Option(
      names = "--uneven-layers",
      description =
          "Allow layers to have different numbers of slots, layers x N in total: more in"
              + " layers that gain most from copies. SGLang and vLLM need the same number in every"
              + " layer, and export refuses other maps for them.")
  private boolean unevenLayers;

  @Option(
      names = "--pool",
      defaultValue = "both",
      paramLabel = "POOL",
      completionCandidates = PoolNames.class,
      description =
          "The phases that these GPUs serve, one of ${COMPLETION-CANDIDATES} (default"
              + " ${DEFAULT-VALUE}). A decode pool is balanced by activated experts, not by"
              + " tokens.")
  private String pool;

  @Option(
      names = "--current",
      paramLabel = "MAP",
      description =
          "The map in force, or the folder to which solve wrote it. The plan stays close to"
              + " it, moves.json has the steps from the map to the plan, and the Pareto front of"
              + " traffic, balance and moved bytes is printed.")
  private Path current;

  @Option(
      names = "--max-moved-bytes",
      paramLabel = "B",
      description =
          "With --current: maximum size of the expert weights that may be copied between GPUs, in"
              + " bytes or as a share of all experts (5%%). No limit by default.")
  private String maxMovedBytes;

  @Option(
      names = "--balance",
      paramLabel = "W",
      description =
          "Weight of balance against traffic: the remote nodes per token that a decrease of"
              + " the max/mean GPU load by 1.0 may cost. By default 0.5 with redundant copies, else"
              + " a value that depends on the shape of the cluster; docs/evidence/solver.md shows"
              + " the effect.")
  private Double balance;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description =
          "Output folder for placement.json, the baselines and metrics.json; with --current"
              + " also for moves.json.")
  private Path out;

  @Override
  public Integer call() throws Exception {
    requireOptionsFit();
    Pool served = Pool.named(pool);
    requirePoolFits(served);
    ModelSpec model = warehouse.model();
    int slots = solver.slots(model, cluster.cluster(), cluster.packaging(model));
    PlanTarget target = cluster.target(model, slots, served);
    String memory = solver.memory(target);
    PlanWindows windows = days.windows(warehouse, served).changedBy(traffic.change());
    SolveOrder order = order(target);
    OutputCheck.requireFolder(out);
    Progress progress = new Progress();
    progress.say("%s", memory);
    String runId = RunId.now();
    Invocation invocation = Invocation.of(command);
    return WarehouseRun.of(
        warehouse.folder(),
        invocation,
        runId,
        progress,
        spark -> {
          PlanRun run = PlanRun.reading(spark, target, windows, runId, progress);
          Solved solved = new SolveJob(run, order).run(out);
          Solved.Written written = solved.written();
          invocation.notes().planned(written.placement().toString(), written.id().value());
          json.print(solved.text(), solved::json);
        });
  }

  private void requireOptionsFit() {
    if (balance != null && !(balance >= 0 && balance <= 1000)) {
      throw InvalidInputException.of(
          "--balance " + balance, "it must be from 0 to 1000", "Give 1, for example");
    }
    if (maxMovedBytes != null && current == null) {
      throw InvalidInputException.of(
          "--max-moved-bytes " + maxMovedBytes,
          "there is no map in force to compare with",
          "Give the map in force with --current");
    }
    if (group && current != null) {
      throw InvalidInputException.of(
          "--group",
          "a grouped plan cannot be limited by --current",
          "Leave out --current or --group");
    }
    survival.requireAlone(group || current != null || unevenLayers);
    if (unevenLayers && (group || current != null)) {
      throw InvalidInputException.of(
          "--uneven-layers",
          "%s needs the same number of slots in every layer"
              .formatted(group ? "--group" : "--current"),
          "Leave one of them out");
    }
  }

  private void requirePoolFits(Pool served) {
    if (group && served == Pool.PREFILL && RouterKnowledge.PREFILL.id().equals(router)) {
      throw InvalidInputException.of(
          "--router prefill",
          "the experts of a prompt are known only after its prefill, which runs in this pool",
          "Give --router prompt-tokens or label, or plan the decode pool with --pool decode");
    }
  }

  private SolveOrder order(PlanTarget target) {
    SolverSettings plain = solver.settings(target);
    SolverSettings settings =
        (balance == null ? plain : plain.withGpuLoadWeight(balance))
            .balancing(target.pool().balanced())
            .surviving(survival.unit(target));
    return new SolveOrder(
        settings,
        group
            ? Optional.of(
                new GroupOrder(groupSettings(settings, target), knowledge(target), router != null))
            : Optional.empty(),
        Optional.ofNullable(current).map(map -> currentMap(map, target)),
        unevenLayers,
        rest.of(target));
  }

  private RouterKnowledge knowledge(PlanTarget target) {
    if (router != null) {
      return RouterKnowledge.named(router);
    }
    RouterKnowledge profiles = target.profile().router();
    boolean tooLate = profiles == RouterKnowledge.PREFILL && target.pool() != Pool.DECODE;
    return tooLate || profiles == RouterKnowledge.NOTHING
        ? RouterKnowledge.PROMPT_TOKENS
        : profiles;
  }

  private SolverSettings groupSettings(SolverSettings settings, PlanTarget target) {
    return balance != null
        ? settings
        : settings.forGroups(
            target.profile().copyRule(), target.layout(), target.model().experts());
  }

  private CurrentMap currentMap(Path map, PlanTarget target) {
    MovedBytesLimit limit =
        maxMovedBytes == null
            ? MovedBytesLimit.none(target)
            : MovedBytesLimit.of(maxMovedBytes, target);
    return CurrentMap.read(PlanFolder.placement(map), target, limit);
  }
}
