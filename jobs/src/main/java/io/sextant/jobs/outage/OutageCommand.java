package io.sextant.jobs.outage;

import io.sextant.jobs.cli.Invocation;
import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.RunId;
import io.sextant.jobs.cli.WarehouseOptions;
import io.sextant.jobs.mixin.ClusterOptions;
import io.sextant.jobs.plan.PlanFolder;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.spark.WarehouseRun;
import io.sextant.jobs.storage.OutputCheck;
import io.sextant.jobs.window.Evidence;
import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.spec.ModelSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sextant outage}. */
@Command(
    name = "outage",
    description =
        "Takes GPUs or nodes from a plan: says which experts are lost, prepares the map for what is"
            + " left, and scores it.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: sextant outage --warehouse warehouse --model sextant-128x8 --cluster 4x8-h200"
          + " --placement plan --lose gpu --from 2026-09-15 --out outages"
    })
public final class OutageCommand implements Callable<Integer> {
  private static final List<String> UNITS = List.of("gpu", "node");

  @Spec private CommandSpec command;
  @Mixin private WarehouseOptions warehouse;
  @Mixin private ClusterOptions cluster;
  @Mixin private JsonOption json;

  @Option(
      names = "--placement",
      required = true,
      paramLabel = "MAP",
      description = "The plan: a map, or the folder to which solve wrote it.")
  private Path placement;

  @Option(
      names = "--lose",
      defaultValue = "gpu",
      paramLabel = "UNIT",
      description = "gpu or node: each is lost in turn (default ${DEFAULT-VALUE}).")
  private String unit;

  @Option(
      names = "--shrink",
      paramLabel = "K",
      description =
          "Instead, let the last K GPUs leave one after the other, as vLLM's elastic expert"
              + " parallelism does: maps for every size, with the copies on the way.")
  private Integer shrink;

  @Option(names = "--from", paramLabel = "DAY", description = "First day to score on, yyyy-MM-dd.")
  private String from;

  @Option(names = "--to", paramLabel = "DAY", description = "Last day to score on.")
  private String to;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Also write the prepared maps and the slots to write, in a folder for each.")
  private Path out;

  @Override
  public Integer call() throws Exception {
    if (!UNITS.contains(unit)) {
      throw InvalidInputException.of("--lose " + unit, "it is not known", "Give gpu or node");
    }
    ModelSpec model = warehouse.model();
    PlacementMap map = PlacementMaps.read(PlanFolder.placement(placement), model);
    map.requireUsable(placement.toString(), cluster.cluster().gpus());
    PlanTarget target = cluster.target(model, map.slots(0), Pool.BOTH);
    requireSomeLeft(target);
    TraceWindow window = new TraceWindow(warehouse.folder(), model.name(), from, to, Pool.BOTH);
    Evidence.require(window, "--from and --to");
    if (out != null) {
      OutputCheck.requireFolder(out);
    }
    Progress progress = new Progress();
    return WarehouseRun.of(
        warehouse.folder(),
        Invocation.of(command),
        RunId.now(),
        progress,
        spark -> {
          OutageJob job = new OutageJob(spark, target, map, window, progress);
          OutageReport report = shrink == null ? job.each(unit.equals("node")) : job.shrink(shrink);
          if (out != null) {
            new OutageFiles(map, shrink != null).write(out, report.outages());
          }
          json.print(report.text(), report::json);
        });
  }

  private void requireSomeLeft(PlanTarget target) {
    int gpus = target.layout().gpus();
    if (shrink != null && (shrink < 1 || shrink >= gpus)) {
      throw InvalidInputException.of(
          "--shrink " + shrink,
          "the cluster has %d GPUs".formatted(gpus),
          "Give 1 to %d".formatted(gpus - 1));
    }
    if (shrink == null && unit.equals("node") && target.layout().nodes() == 1) {
      throw InvalidInputException.of(
          "--lose node", "the cluster has one node", "Give --lose gpu, or another cluster");
    }
  }
}
