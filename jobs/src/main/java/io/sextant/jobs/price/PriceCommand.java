package io.sextant.jobs.price;

import io.sextant.jobs.cli.Invocation;
import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.cli.OptionRange;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.RunId;
import io.sextant.jobs.cli.WarehouseOptions;
import io.sextant.jobs.layers.SweepOrder;
import io.sextant.jobs.mixin.MemoryOptions;
import io.sextant.jobs.mixin.PackagingOption;
import io.sextant.jobs.mixin.PoolNames;
import io.sextant.jobs.mixin.RestOption;
import io.sextant.jobs.mixin.SearchOptions;
import io.sextant.jobs.mixin.ServingOptions;
import io.sextant.jobs.mixin.WindowOptions;
import io.sextant.jobs.serving.FittingSlots;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.spark.WarehouseRun;
import io.sextant.jobs.storage.OutputCheck;
import io.sextant.jobs.window.PlanWindows;
import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.SourceNodes;
import io.sextant.placement.decision.DecisionRule;
import io.sextant.placement.decision.KneeRule;
import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ClusterSpecs;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ServingProfile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sextant price}. */
@Command(
    name = "price",
    description =
        "Says what redundant copies of experts bring and what KV cache they cost, for several"
            + " numbers of slots, and how many are worth it.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Plans for the fewest slots as solve does, and for each larger number in less time, also"
          + " from the plan before it. All plans are scored on the days of --score-from and"
          + " --score-to. --serving takes several names, separated by commas.",
      "Example: sextant price --warehouse warehouse --model sextant-128x8"
          + " --cluster 4x8-h200,8x8-h200 --serving sglang,vllm --slots 128..256"
          + " --to 2026-09-13 --score-from 2026-09-14"
    })
public final class PriceCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private WarehouseOptions warehouse;
  @Mixin private ServingOptions serving;
  @Mixin private PackagingOption packaging;
  @Mixin private WindowOptions days;
  @Mixin private SearchOptions search;
  @Mixin private MemoryOptions memory;
  @Mixin private RestOption rest;
  @Mixin private JsonOption json;

  @Option(
      names = "--cluster",
      required = true,
      split = ",",
      paramLabel = "NAME",
      description =
          "Clusters in conf/clusters, or paths of such files. With several, separated by commas,"
              + " each has its own curve.")
  private List<String> clusters;

  @Option(
      names = "--slots",
      paramLabel = "A..B",
      description =
          "Physical slots per layer over all GPUs: a range, or numbers separated by commas"
              + " (default: from every expert once to twice as many, as far as they fit).")
  private String slots;

  @Option(
      names = "--pool",
      defaultValue = "both",
      paramLabel = "POOL",
      completionCandidates = PoolNames.class,
      description =
          "The phases that these GPUs serve, one of ${COMPLETION-CANDIDATES} (default"
              + " ${DEFAULT-VALUE}).")
  private String pool;

  @Option(
      names = "--minimum-gain",
      defaultValue = "0.5",
      paramLabel = "PERCENT",
      description =
          "Reduction of the layer time, in per cent, that each further slot of a GPU has to bring"
              + " (default ${DEFAULT-VALUE}).")
  private double minimumGainPercent;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Also write the plans, each as placement.json in a folder of DIR that is named after the"
              + " cluster, the profile and the slots.")
  private Path out;

  @Override
  public Integer call() throws Exception {
    OptionRange.require(
        "--minimum-gain",
        minimumGainPercent,
        minimumGainPercent >= 0 && minimumGainPercent < 100,
        "at least 0 and below 100");
    ModelSpec model = warehouse.model();
    FittingSlots fitting = new FittingSlots(memory.terms(model));
    Progress progress = new Progress();
    Pool served = Pool.named(pool);
    List<PriceOrder> orders = new ArrayList<>();
    for (String cluster : clusters) {
      for (ServingProfile profile : serving.listed()) {
        orders.add(
            order(
                new Shape(model, ClusterSpecs.load(cluster), profile, served), fitting, progress));
      }
    }
    PlanWindows windows = days.windows(warehouse, served);
    KneeRule rule =
        new KneeRule(
            minimumGainPercent / 100, DecisionRule.DEFAULT.minimumMicroBatches(), search.seed());
    if (out != null) {
      OutputCheck.requireFolder(out);
    }
    String runId = RunId.now();
    return WarehouseRun.of(
        warehouse.folder(),
        Invocation.of(command),
        runId,
        progress,
        spark -> {
          PriceReport report =
              new PriceJob(spark, windows, rule, fitting, runId, progress).run(orders);
          if (out != null) {
            report.writePlans(out);
          }
          json.print(report.text(), report::json);
        });
  }

  private record Shape(ModelSpec model, ClusterSpec cluster, ServingProfile profile, Pool pool) {}

  /**
   * Leaves out numbers of slots that do not fit and says so; refuses them if the user named them.
   */
  private PriceOrder order(Shape shape, FittingSlots fitting, Progress progress) {
    SlotRange range = new SlotRange(slots);
    List<PlanTarget> targets = new ArrayList<>();
    for (int number : range.of(shape.model(), shape.cluster())) {
      PlanTarget target = target(shape, number);
      if (range.isGiven() || targets.isEmpty() || fitting.fits(target)) {
        fitting.check(target);
        targets.add(target);
      } else {
        progress.say("%d slots do not fit on %s", number, shape.cluster().name());
      }
    }
    return new PriceOrder(
        new SweepOrder(targets, targets.stream().map(search::settings).toList()),
        rest.of(targets.get(0)));
  }

  private PlanTarget target(Shape shape, int number) {
    return new PlanTarget(
        shape.model(),
        shape.cluster(),
        PlanTarget.layout(shape.model(), shape.cluster(), number),
        // Replaced when the traces have been read, which say how many ranks there are.
        SourceNodes.of(shape.cluster(), 0),
        shape.profile(),
        shape.pool(),
        packaging.of(shape.model()));
  }
}
