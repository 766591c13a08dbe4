package io.sextant.jobs.gpu.layer;

import static io.sextant.jobs.cli.OptionRange.require;

import io.sextant.gpu.layer.LayerTransport;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.gpu.option.PrecisionOption;
import io.sextant.jobs.gpu.option.ShapeOption;
import io.sextant.schema.spec.ClusterSpecs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant gpu-validate layer}. */
@Command(
    name = "layer",
    description =
        "Runs a whole expert-parallel layer (dispatch, experts, combine) on the GPUs of this machine"
            + " for real micro-batches under placement maps.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Compares measured layer times with the solver's prediction and with one that follows the"
          + " steps of the layer. The cluster has as many GPUs as this machine"
          + " lends to the run; if it has several nodes, transfers between them are held to its"
          + " rate.",
      "Example: sextant gpu-validate layer --routes routes.jsonl --cluster 2x1-h200.yaml"
          + " --precision e4m3 --out layer.csv"
    })
public final class LayerCommand implements Callable<Integer> {
  @Option(
      names = "--routes",
      required = true,
      paramLabel = "FILE",
      description = "File that evaluate --routes wrote.")
  private Path routes;

  @Mixin private ShapeOption shape;

  @Option(
      names = "--cluster",
      required = true,
      paramLabel = "NAME",
      description = "Cluster whose rates give the predictions and the limit between nodes.")
  private String cluster;

  @Mixin private PrecisionOption precision;

  @Option(
      names = "--transport",
      split = ",",
      defaultValue = "NODE_DEDUPLICATED,PER_EXPERT",
      description = "Transports: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
  private List<LayerTransport> transports;

  @Option(
      names = "--repeats",
      defaultValue = "3",
      paramLabel = "N",
      description = "Runs of each micro-batch; the median counts (default ${DEFAULT-VALUE}).")
  private int repeats;

  @Option(
      names = "--graphs",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Start the layer of each GPU as one CUDA graph (default), or kernel by kernel behind a"
              + " kernel that keeps the GPU busy.")
  private boolean graphs;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "CSV file for the times.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    require("--repeats", repeats, repeats >= 1 && repeats <= 99, "from 1 to 99");
    LayerReport report =
        new LayerRuns(
                shape.model(),
                ClusterSpecs.load(cluster),
                precision.packaging(),
                transports,
                repeats,
                graphs)
            .run(routes, out, new Progress());
    System.out.print(report.text());
    return 0;
  }
}
