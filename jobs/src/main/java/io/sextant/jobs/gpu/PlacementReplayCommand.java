package io.sextant.jobs.gpu;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.expert.ExpertLayer;
import io.sextant.gpu.expert.Replay;
import io.sextant.gpu.expert.ReplayBatch;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.gpu.option.GpuOption;
import io.sextant.jobs.gpu.option.PrecisionOption;
import io.sextant.jobs.gpu.option.ShapeOption;
import io.sextant.jobs.serving.CostModels;
import io.sextant.placement.cost.CostModel;
import io.sextant.schema.spec.ClusterSpecs;
import io.sextant.schema.spec.ModelSpec;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant gpu-validate placement}. */
@Command(
    name = "placement",
    description = "Runs the expert work of each GPU for real micro-batches under placement maps.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The time of a layer is that of its slowest GPU plus the transfer to the busiest"
          + " node. --out has one line per GPU and micro-batch.",
      "Example: sextant gpu-validate placement --work work.jsonl --cluster 4x8-h200 --out times.csv"
    })
final class PlacementReplayCommand implements Callable<Integer> {
  private static final int PROGRESS_STEP = 200;

  @Option(
      names = "--work",
      required = true,
      paramLabel = "FILE",
      description = "File that evaluate --work wrote.")
  private Path work;

  @Mixin private ShapeOption shape;

  @Option(
      names = "--cluster",
      required = true,
      paramLabel = "NAME",
      description =
          "Cluster whose rates give the predictions and the time of transfers between nodes.")
  private String cluster;

  @Mixin private PrecisionOption precision;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "CSV file for the times.")
  private Path out;

  @Mixin private GpuOption gpu;

  @Override
  public Integer call() throws IOException {
    ModelSpec model = shape.model();
    CostModel cost = CostModels.of(model, ClusterSpecs.load(cluster), precision.packaging());
    List<ReplayBatch> batches = ReplayBatch.read(work);
    Progress progress = new Progress();
    LayerTimes times = new LayerTimes();
    try (Kernels kernels = gpu.open();
        CudaStream stream = new CudaStream();
        ExpertLayer layer =
            new ExpertLayer(
                kernels,
                stream,
                precision.e4m3(),
                new ExpertLayer.Shape(
                    batches.stream().mapToInt(ReplayBatch::slotsOfGpu).max().orElseThrow(),
                    model.hidden(),
                    model.expertIntermediate(),
                    batches.stream().mapToInt(ReplayBatch::mostTokensOfGpu).max().orElseThrow()));
        BufferedWriter writer = Files.newBufferedWriter(out)) {
      Replay replay = new Replay(layer, stream);
      // Warm up clocks and caches before measuring.
      replay.gpuMicros(batches.get(0));
      int done = 0;
      writer.write("map,stretch,layer,batch,gpu,measured_us,predicted_us,transfer_us,tokens\n");
      for (ReplayBatch batch : batches) {
        double[] measured = replay.gpuMicros(batch);
        double transfer = cost.receiveMicros(batch.received());
        double[] predicted = new double[measured.length];
        for (int g = 0; g < measured.length; g++) {
          int[] tokens = batch.tokensOfGpu(g);
          predicted[g] =
              cost.gpuMicros(Arrays.stream(tokens).asLongStream().toArray(), 0, tokens.length);
          writer.write(row(batch, g, measured[g], predicted[g], transfer, tokens));
        }
        times.add(batch.map(), measured, predicted, transfer);
        if (++done % PROGRESS_STEP == 0) {
          progress.say("%d of %d micro-batches", done, batches.size());
        }
      }
    }
    System.out.print(times.text());
    return 0;
  }

  private static String row(
      ReplayBatch batch,
      int gpu,
      double measured,
      double predicted,
      double transfer,
      int[] tokens) {
    return String.format(
        Locale.ROOT,
        "%s,%s,%d,%d,%d,%.3f,%.3f,%.3f,%s%n",
        batch.map(),
        batch.stretch(),
        batch.layer(),
        batch.batch(),
        gpu,
        measured,
        predicted,
        transfer,
        Arrays.stream(tokens).mapToObj(Integer::toString).collect(Collectors.joining(" ")));
  }
}
