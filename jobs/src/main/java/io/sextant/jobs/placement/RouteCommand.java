package io.sextant.jobs.placement;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.TraceOptions;
import io.sextant.jobs.mixin.RouterNames;
import io.sextant.jobs.score.FileRoutes;
import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.storage.OutputCheck;
import io.sextant.jobs.window.RequestKey;
import io.sextant.jobs.window.RequestRoutes;
import io.sextant.placement.grouping.RequestRouter;
import io.sextant.schema.file.CompleteFile;
import io.sextant.schema.router.Router;
import io.sextant.schema.router.RouterTable;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.spec.RouterKnowledge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant route}. */
@Command(
    name = "route",
    description =
        "Computes the node to which each request would be routed, from what the router knows of"
            + " it.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Requests are routed in the order of the files; the final lengths of earlier"
          + " requests are known when a request is routed.",
      "Example: sextant route --groups plan/groups.json --input samples/day08.safetensors.zst"
          + " --out routes.csv"
    })
public final class RouteCommand implements Callable<Integer> {
  @Option(
      names = "--groups",
      required = true,
      paramLabel = "FILE",
      description = "File groups.json of solve --group.")
  private Path groups;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "The model; by default the one for which the groups were made.")
  private String modelName;

  @Option(
      names = "--router",
      paramLabel = "KNOWLEDGE",
      completionCandidates = RouterNames.class,
      description =
          "What the router knows of a request, one of ${COMPLETION-CANDIDATES}. By default"
              + " what the groups were planned for.")
  private String router;

  @Mixin private TraceOptions traces;
  @Mixin private JsonOption json;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE.csv",
      description = "Output file with lines of request_id,node,source,arrival_ms.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    Progress progress = new Progress();
    OutputCheck.requireFile(out);
    Router files = Router.read(groups);
    RouterTable table = files.table();
    RouterKnowledge knows = router == null ? table.knows() : RouterKnowledge.named(router);
    ModelSpec model = ModelSpecs.load(modelName == null ? table.model() : modelName);
    FileRoutes.requireFits(groups.toString(), table, model, table.nodes());
    List<String> paths = InputFile.list(traces.inputs()).stream().map(InputFile::path).toList();
    RequestRoutes routes =
        FileRoutes.of(RequestRouter.of(files, knows), model, paths, traces.format(model), progress);
    StringBuilder lines = new StringBuilder("request_id,node,source,arrival_ms\n");
    routes.forEach((request, node) -> lines.append(line(request, node)));
    Files.createDirectories(out.toAbsolutePath().getParent());
    CompleteFile.write(out, lines.toString());
    progress.say(
        "routed %,d requests to %d nodes by a router that knows: %s",
        routes.size(), table.nodes(), knows.id());
    json.json(() -> json(routes, table.nodes(), knows));
    return 0;
  }

  private static String line(RequestKey request, int node) {
    return "%d,%d,\"%s\",%d\n"
        .formatted(
            request.requestId(),
            node,
            request.source().replace("\"", "\"\""),
            request.arrivalMillis());
  }

  private ObjectNode json(RequestRoutes routes, int nodes, RouterKnowledge knows) {
    long[] ofNode = new long[nodes];
    routes.forEach((request, node) -> ofNode[node]++);
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("file", out.toString())
        .put("requests", routes.size())
        .put("duplicate_requests", routes.duplicates())
        .put("router", knows.id());
    ArrayNode byNode = root.putArray("requests_by_node");
    for (long requests : ofNode) {
      byNode.add(requests);
    }
    return root;
  }
}
