package io.sextant.jobs.score;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.StepProgress;
import io.sextant.jobs.storage.StoredFile;
import io.sextant.jobs.stretch.WholeFile;
import io.sextant.jobs.window.RequestKey;
import io.sextant.jobs.window.RequestRoutes;
import io.sextant.placement.grouping.RequestRouter;
import io.sextant.placement.grouping.RouterRequest;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.router.RouterTable;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.LoadCounts;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.TraceSink;
import io.sextant.schema.trace.format.FormatChoice;
import java.io.IOException;
import java.util.List;

/** Routes the requests of trace files one after the other, as a router in service does. */
public final class FileRoutes {
  private FileRoutes() {}

  /**
   * @param router a router that has not routed yet
   * @param files the files in order of time
   * @return the nodes of the requests, in the order of the files
   */
  public static RequestRoutes of(
      RequestRouter router,
      ModelSpec model,
      List<String> files,
      FormatChoice format,
      Progress progress)
      throws IOException {
    progress.say("routing %d files", files.size());
    StepProgress routed = new StepProgress(progress, files.size(), "files");
    RequestRoutes routes = new RequestRoutes();
    for (String path : files) {
      TraceFile file = new StoredFile(path);
      WholeFile.read(file, format, model, new Sink(file, router, routes));
      routed.step();
    }
    routes.report();
    return routes;
  }

  /**
   * @throws InvalidInputException if the table is for another model or cluster
   */
  public static void requireFits(String where, RouterTable table, ModelSpec model, int nodes) {
    if (table.nodes() != nodes
        || !table.layers().equals(model.moeLayers())
        || table.nodesOfExpert()[0].length != model.experts()) {
      throw InvalidInputException.of(
          where,
          "it routes %s over %d nodes, not %s over %d"
              .formatted(table.model(), table.nodes(), model.name(), nodes),
          "Give the groups.json that belongs to the placement");
    }
  }

  private record Sink(TraceFile file, RequestRouter router, RequestRoutes routes)
      implements TraceSink {

    @Override
    public void accept(RequestTrace request) {
      if (!router.serves(request)) {
        return;
      }
      int node = router.route(RouterRequest.of(request));
      router.finished(request.tokens());
      routes.add(RequestKey.of(file.path(), request), node);
    }

    @Override
    public void counts(LoadCounts counts) {
      throw InvalidInputException.of(
          file.path(), "it only counts tokens of each expert", "Route a trace of requests");
    }

    @Override
    public void warn(String remark) {
      System.err.println("sextant: " + file.path() + ": " + remark);
    }

    @Override
    public void reject(long row, String reason) {
      throw InvalidInputException.of(
          file.path() + ": request " + row, reason, "Remove the request");
    }
  }
}
