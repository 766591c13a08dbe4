package io.sextant.jobs.placement;

import static io.sextant.jobs.cli.OptionRange.require;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.TraceOptions;
import io.sextant.jobs.mixin.ClusterOptions;
import io.sextant.jobs.score.FileRoutes;
import io.sextant.jobs.score.FileScoring;
import io.sextant.jobs.score.FileScoring.Scored;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanScores;
import io.sextant.jobs.score.ScoreTable;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.serving.PlannedProfile;
import io.sextant.jobs.spark.OpenSession;
import io.sextant.jobs.spark.SparkSessions;
import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.storage.OutputCheck;
import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.RequestRoutes;
import io.sextant.placement.grouping.RequestRouter;
import io.sextant.schema.placement.PlanOrigin;
import io.sextant.schema.placement.PlannedFor;
import io.sextant.schema.router.Router;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.spec.ServingProfile;
import io.sextant.schema.trace.format.FormatChoice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant evaluate}. */
@Command(
    name = "evaluate",
    description = "Computes the exact scores of placement maps on trace files.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "A micro-batch is a sequence of consecutive tokens of one layer of one file, in"
          + " arrival order. Dumps of several ranks that ran together fill micro-batches together,"
          + " and so do files that are smaller than one. An incomplete last one is left out. Prefill and decode tokens are also"
          + " scored apart, in batches of their own. The 95 %% interval over micro-batches is"
          + " printed below each figure.",
      "least: the smallest max/mean GPU load that any choice of copies could reach.",
      "Example: sextant evaluate --placement linear plan/placement.json --model sextant-128x8"
          + " --cluster 4x8-h200 --input samples/day08.safetensors.zst"
    })
public final class EvaluateCommand implements Callable<Integer> {
  @Mixin private ClusterOptions cluster;

  @Option(
      names = "--placement",
      arity = "1..*",
      required = true,
      paramLabel = "FILE",
      description =
          "Placement maps: Sextant's, any engine's, a folder that solve wrote, or a word. linear has the experts in order, and"
              + " again from the first, on as many slots as the first of the other maps;"
              + " linear-without-copies has each expert once, as an engine without a map.")
  private List<String> placements;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "The model; not needed if a map names it.")
  private String modelName;

  @Mixin private TraceOptions traces;

  @Option(
      names = "--groups",
      paramLabel = "FILE",
      description =
          "The groups.json of solve --group. For every map except linear, requests run on the"
              + " node to which its router sends them.")
  private Path groups;

  @Mixin private JsonOption json;

  @Option(
      names = "--work",
      paramLabel = "FILE",
      description =
          "Write the tokens of each micro-batch by slot to FILE, for gpu-validate placement.")
  private Path work;

  @Option(
      names = "--routes",
      paramLabel = "FILE",
      description =
          "Write the GPU and the slots of each token of micro-batches to FILE, for gpu-validate"
              + " layer.")
  private Path routesFile;

  @Option(
      names = "--routes-every",
      defaultValue = "1",
      paramLabel = "N",
      description =
          "With --routes: write one of N micro-batches of each file, phase and layer (default"
              + " ${DEFAULT-VALUE}).")
  private int routesEvery;

  @Override
  public Integer call() throws IOException {
    require("--routes-every", routesEvery, routesEvery >= 1, "at least 1");
    Progress progress = new Progress();
    NamedMaps maps = new NamedMaps(placements);
    ModelSpec model = modelName == null ? maps.model() : ModelSpecs.load(modelName);
    List<Plan> plans = maps.plans(model, cluster.cluster().gpus(), groups != null);
    PlanTarget target = cluster.target(model, plans.get(0).slots()[0].length, Pool.BOTH);
    InputFile.requireReadable(traces.inputs());
    List<InputFile> files = InputFile.list(traces.inputs());
    for (Path output : new Path[] {work, routesFile}) {
      if (output != null) {
        OutputCheck.requireFile(output);
      }
    }
    try (OpenSession session = SparkSessions.open()) {
      SparkSession spark = session.spark();
      session.show(progress);
      progress.say("scoring %d maps on %d files", plans.size(), files.size());
      progress.say("%s", target.precision());
      FormatChoice format = traces.format(model);
      FileScoring scoring =
          new FileScoring(spark, target, routes(model, files, progress), files, format, progress);
      Scored scored = scoring.score(plans);
      PlanScores scores = scored.scores();
      ScoreTable table = new ScoreTable(scores);
      json.print(
          table.text() + plannedLines(maps, plans, scores.profile()),
          () -> withPlannedFor(maps, table.plans(model.moeLayers())));
      if (work != null) {
        progress.say("writing the work of %d files", files.size());
        scored.job().writeWork(files, format, plans, work, progress);
      }
      if (routesFile != null) {
        progress.say("writing the routes of %d files", files.size());
        scored.job().writeRoutes(files, format, plans, routesEvery, routesFile, progress);
      }
    }
    progress.say("done");
    return 0;
  }

  /**
   * A line for each map that was planned for another profile than the one it is scored under, or
   * for other traffic than was recorded.
   */
  private static String plannedLines(NamedMaps maps, List<Plan> plans, ServingProfile scored) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < plans.size(); i++) {
      String name = plans.get(i).name();
      maps.plannedFor(i)
          .flatMap(planned -> new PlannedProfile(planned).lineIfScoredUnder(name, scored))
          .ifPresent(lines::append);
      maps.origin(i)
          .map(PlanOrigin::traffic)
          .map(
              traffic ->
                  "%s was planned for %s and is scored on the traffic that was recorded%n"
                      .formatted(name, traffic))
          .ifPresent(lines::append);
    }
    return lines.toString();
  }

  /** The same plans with the profile that each was planned for; null if its file names none. */
  private static ArrayNode withPlannedFor(NamedMaps maps, ArrayNode plans) {
    for (int i = 0; i < plans.size(); i++) {
      ((ObjectNode) plans.get(i))
          .put("planned_for", maps.plannedFor(i).map(PlannedFor::serving).orElse(null));
    }
    return plans;
  }

  private RequestRoutes routes(ModelSpec model, List<InputFile> files, Progress progress)
      throws IOException {
    if (groups == null) {
      return new RequestRoutes();
    }
    Router router = Router.read(groups);
    FileRoutes.requireFits(groups.toString(), router.table(), model, cluster.cluster().nodes());
    List<String> paths = files.stream().map(InputFile::path).toList();
    progress.say(
        "requests run where a router sends them that knows: %s", router.table().knows().id());
    if (router.table().decodesAlone()) {
      progress.say("the groups are of a decode pool: only the figures of decode rows hold");
    }
    RequestRouter routes = RequestRouter.of(router, router.table().knows());
    return FileRoutes.of(routes, model, paths, traces.format(model), progress);
  }
}
