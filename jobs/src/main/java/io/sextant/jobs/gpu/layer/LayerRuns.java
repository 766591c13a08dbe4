package io.sextant.jobs.gpu.layer;

import io.sextant.gpu.cuda.CudaDevices;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.layer.ExpertParallelLayer;
import io.sextant.gpu.layer.LayerShape;
import io.sextant.gpu.layer.LayerTime;
import io.sextant.gpu.layer.LayerTransport;
import io.sextant.gpu.layer.RoutedBatch;
import io.sextant.jobs.cli.Progress;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.Packaging;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Runs the micro-batches of a file on the GPUs of this machine.
 *
 * @param packaging packaging of the experts, in BF16 or 8 bits
 * @param repeats runs of each micro-batch, of which the median counts
 * @param graphs whether each GPU's layer starts as one CUDA graph
 */
record LayerRuns(
    ModelSpec model,
    ClusterSpec cluster,
    Packaging packaging,
    List<LayerTransport> transports,
    int repeats,
    boolean graphs) {
  private static final int CHECKED_TOKENS = 48;

  /** BF16 rounding of partial sums, in units of the last place of the sum of magnitudes. */
  private static final double MOST_DIFFERENCE = 2;

  private static final int PROGRESS_STEP = 200;

  /** The sizes that the batches of a file need. */
  private static final class Needs {
    private int slots;
    private int rows;
    private int tokens;
    private int batches;
    private RoutedBatch first;
  }

  /**
   * Measures and writes a line per micro-batch and transport.
   *
   * @throws InvalidInputException if the machine has too few GPUs or the batches are for another
   *     cluster
   */
  LayerReport run(Path routes, Path out, Progress progress) throws IOException {
    Needs needs = needs(routes);
    int gpus = cluster.gpus();
    int found = CudaDevices.list().devices().size();
    if (found < gpus) {
      throw InvalidInputException.of(
          "--cluster " + cluster.name(),
          "it has %d GPUs and this machine %d".formatted(gpus, found),
          "Use a cluster with as many GPUs as this machine has");
    }
    LayerShape shape =
        new LayerShape(
            packaging.products() == Packaging.Products.E4M3,
            needs.slots,
            model.hidden(),
            model.expertIntermediate(),
            needs.rows,
            needs.tokens);
    LayerReport report = new LayerReport();
    try (DeviceResources resources = new DeviceResources();
        BufferedWriter writer = Files.newBufferedWriter(out)) {
      List<Kernels> devices = new ArrayList<>();
      for (int g = 0; g < gpus; g++) {
        devices.add(resources.hold(Kernels.open(g)));
      }
      ExpertParallelLayer layer = resources.hold(new ExpertParallelLayer(devices, shape, graphs));
      progress.say("%d GPUs are ready, %d micro-batches", gpus, needs.batches);
      for (LayerTransport transport : transports) {
        // Warms up clocks and caches.
        layer.run(needs.first, transport, link(), repeats);
      }
      writer.write(
          "map,phase,stretch,layer,batch,transport,predicted_us,predicted_steps_us,layer_us,dispatch_us,experts_us,"
              + "combine_us,busiest_gpu\n");
      LayerPredictions predictions = new LayerPredictions(model, cluster, packaging);
      Batches batches = new Batches(layer, predictions, report, writer);
      RoutedBatch.read(
          routes,
          batch -> {
            batches.run(batch);
            if (batches.done % PROGRESS_STEP == 0) {
              progress.say("%d of %d micro-batches", batches.done, needs.batches);
            }
          });
    }
    return report;
  }

  private Needs needs(Path routes) throws IOException {
    Needs needs = new Needs();
    RoutedBatch.read(
        routes,
        batch -> {
          if (batch.gpus() != cluster.gpus() || batch.nodes() != cluster.nodes()) {
            throw InvalidInputException.of(
                routes.toString(),
                "a batch is for %d GPUs of %d nodes".formatted(batch.gpus(), batch.nodes()),
                "Write the routes with the cluster of --cluster");
          }
          needs.first = needs.first == null ? batch : needs.first;
          needs.batches++;
          needs.slots = Math.max(needs.slots, batch.slotsOfGpu());
          int[] held = new int[batch.gpus()];
          for (int gpu : batch.routing().sourceGpus()) {
            needs.tokens = Math.max(needs.tokens, ++held[gpu]);
          }
          needs.rows =
              Math.max(
                  needs.rows, ExpertParallelLayer.rows(batch, LayerTransport.NODE_DEDUPLICATED));
        });
    return needs;
  }

  private double link() {
    return cluster.nodes() > 1 ? cluster.interNodeGigabytesPerSecond() / cluster.gpusPerNode() : 0;
  }

  /** Measures one batch after the other. */
  private final class Batches {
    private final ExpertParallelLayer layer;
    private final LayerReport report;
    private final BufferedWriter writer;
    private final LayerPredictions predictions;
    private final Set<String> checked = new HashSet<>();
    private int done;

    Batches(
        ExpertParallelLayer layer,
        LayerPredictions predictions,
        LayerReport report,
        BufferedWriter writer) {
      this.layer = layer;
      this.predictions = predictions;
      this.report = report;
      this.writer = writer;
    }

    void run(RoutedBatch batch) {
      for (LayerTransport transport : transports) {
        if (checked.add(batch.map() + batch.phase() + transport)) {
          double difference = layer.check(batch, transport, link(), CHECKED_TOKENS);
          report.checked(difference <= MOST_DIFFERENCE, difference);
        }
        LayerPredictions.Predicted predicted = predictions.of(batch, transport);
        LayerTime time = layer.run(batch, transport, link(), repeats);
        report.add(batch, transport, predicted, time);
        write(batch, transport, predicted, time);
      }
      done++;
    }

    private void write(
        RoutedBatch batch,
        LayerTransport transport,
        LayerPredictions.Predicted predicted,
        LayerTime time) {
      try {
        writer.write(
            String.format(
                Locale.ROOT,
                "%s,%s,%s,%d,%d,%s,%.2f,%.2f,%.2f,%.2f,%.2f,%.2f,%.4f%n",
                batch.map(),
                batch.phase(),
                batch.stretch(),
                batch.layer(),
                batch.batch(),
                transport,
                predicted.solver(),
                predicted.steps(),
                time.layer(),
                time.dispatch(),
                time.experts(),
                time.combine(),
                time.busiestExperts()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
