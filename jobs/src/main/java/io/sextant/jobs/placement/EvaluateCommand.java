package io.sextant.jobs.placement;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.TraceOptions;
import io.sextant.jobs.options.ClusterOptions;
import io.sextant.jobs.score.FileRoutes;
import io.sextant.jobs.score.FileScoring;
import io.sextant.jobs.score.FileScoring.Scored;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanScores;
import io.sextant.jobs.score.ScoreTable;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.serving.PlannedProfile;
import io.sextant.jobs.spark.SparkProgress;
import io.sextant.jobs.spark.SparkSessions;
import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.window.Pool;
import io.sextant.placement.grouping.RequestRouter;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.placement.PlannedFor;
import io.sextant.schema.router.Router;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.spec.ServingProfile;
import io.sextant.schema.trace.format.FormatChoice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
          + " arrival order. An incomplete last one is left out. Prefill and decode tokens are also"
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
          "Placement maps: Sextant's, any engine's, a folder that solve wrote, or the word"
              + " linear.")
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

  @Override
  public Integer call() throws IOException {
    Progress progress = new Progress();
    ModelSpec model = model();
    List<PlacementMap> maps = maps(model);
    int slots = maps.get(0).slots(0);
    List<Plan> plans = new ArrayList<>();
    for (int i = 0; i < maps.size(); i++) {
      maps.get(i).requireUsable(placements.get(i), cluster.cluster().gpus());
      Plan plan = Plan.of(name(placements.get(i)), maps.get(i));
      plans.add(groups == null || placements.get(i).equals(Plan.LINEAR) ? plan : plan.withRoutes());
    }
    requireDistinctNames(plans);
    PlanTarget target = cluster.target(model, slots, Pool.BOTH);
    List<InputFile> files = InputFile.list(traces.inputs());
    try (SparkSession spark = SparkSessions.open()) {
      SparkProgress.follow(spark, progress);
      progress.say("scoring %d maps on %d files", plans.size(), files.size());
      FormatChoice format = traces.format(model);
      FileScoring scoring =
          new FileScoring(spark, target, routes(model, files, progress), files, format, progress);
      Scored scored = scoring.score(plans);
      PlanScores scores = scored.scores();
      ScoreTable table = new ScoreTable(scores);
      json.print(
          table.text() + profileLines(plans, scores.profile()),
          () -> withPlannedFor(table.plans(model.moeLayers())));
      if (work != null) {
        progress.say("writing the work of %d files", files.size());
        scored.job().writeWork(files, format, plans, work, progress);
      }
    }
    progress.say("done");
    return 0;
  }

  /** A line for each map that was planned for another profile than the one it is scored under. */
  private String profileLines(List<Plan> plans, ServingProfile scored) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < plans.size(); i++) {
      String name = plans.get(i).name();
      plannedFor(placements.get(i))
          .flatMap(planned -> new PlannedProfile(planned).lineIfScoredUnder(name, scored))
          .ifPresent(lines::append);
    }
    return lines.toString();
  }

  /** The same plans with the profile that each was planned for; null if its file names none. */
  private ArrayNode withPlannedFor(ArrayNode plans) {
    for (int i = 0; i < plans.size(); i++) {
      ((ObjectNode) plans.get(i))
          .put("planned_for", plannedFor(placements.get(i)).map(PlannedFor::serving).orElse(null));
    }
    return plans;
  }

  private static Optional<PlannedFor> plannedFor(String placement) {
    return placement.equals(Plan.LINEAR)
        ? Optional.empty()
        : PlacementMaps.plannedFor(Path.of(placement));
  }

  private Map<Long, Integer> routes(ModelSpec model, List<InputFile> files, Progress progress)
      throws IOException {
    if (groups == null) {
      return Map.of();
    }
    Router router = Router.read(groups);
    FileRoutes.requireFits(groups.toString(), router.table(), model, cluster.cluster().nodes());
    List<String> paths = files.stream().map(InputFile::path).toList();
    progress.say(
        "requests run where a router sends them that knows: %s", router.table().knows().id());
    RequestRouter routes = RequestRouter.of(router, router.table().knows());
    return FileRoutes.of(routes, model, paths, traces.format(model), progress);
  }

  private static void requireDistinctNames(List<Plan> plans) {
    if (plans.stream().map(Plan::name).distinct().count() < plans.size()) {
      throw InvalidInputException.of("--placement", "a map is named twice", "Name each map once");
    }
  }

  private ModelSpec model() {
    if (modelName != null) {
      return ModelSpecs.load(modelName);
    }
    for (String placement : placements) {
      if (!placement.equals(Plan.LINEAR)) {
        return ModelSpecs.load(PlacementMaps.read(Path.of(placement), null).model());
      }
    }
    throw InvalidInputException.of(
        "--placement linear", "linear does not name a model", "Give --model");
  }

  private List<PlacementMap> maps(ModelSpec model) {
    return placements.stream()
        .map(
            placement ->
                placement.equals(Plan.LINEAR)
                    ? PlacementMap.linear(model)
                    : PlacementMaps.read(Path.of(placement), model))
        .toList();
  }

  private String name(String placement) {
    String file = Path.of(placement).getFileName().toString().replaceFirst("\\.json$", "");
    boolean taken =
        placements.stream()
                .filter(p -> p.endsWith(Path.of(placement).getFileName().toString()))
                .count()
            > 1;
    return taken ? placement : file;
  }
}
