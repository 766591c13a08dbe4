package io.sextant.jobs.score;

import io.sextant.gpu.layer.RoutedBatch;
import io.sextant.jobs.serving.LayerShape;
import io.sextant.placement.evaluate.LayerEvaluator;
import io.sextant.placement.problem.SlotLayout;
import java.util.function.Consumer;

/**
 * The routing of micro-batches, as JSON lines, which {@code gpu-validate layer} runs on the GPUs of
 * a host.
 *
 * @param every number of micro-batches of a file, phase and layer of which one is written; layers
 *     begin at different ones
 */
record RouteLines(LayerShape shape, int every) implements BatchFile.Reports {

  @Override
  public void begin(LayerScore score, String file, Consumer<String> lines) {
    score
        .evaluator()
        .reportRoutes(
            new Batches(score, file, "prefill", lines), new Batches(score, file, "decode", lines));
  }

  private final class Batches implements LayerEvaluator.BatchRoutes {
    private final LayerScore score;
    private final String file;
    private final String phase;
    private final Consumer<String> lines;
    private int batch;

    Batches(LayerScore score, String file, String phase, Consumer<String> lines) {
      this.score = score;
      this.file = file;
      this.phase = phase;
      this.lines = lines;
    }

    @Override
    public void microBatch(int[] sourceGpus, int[] slots) {
      int number = batch++;
      if ((number + score.layerIndex()) % every != 0) {
        return;
      }
      SlotLayout layout = shape.layout();
      RoutedBatch line =
          new RoutedBatch(
              score.plan().name(),
              phase,
              file,
              shape.model().moeLayers().get(score.layerIndex()),
              number,
              layout.nodes(),
              layout.gpus(),
              score.plan().slots()[score.layerIndex()].length,
              slots.length / sourceGpus.length,
              RoutedBatch.pack(sourceGpus, slots));
      lines.accept(line.toJson());
    }
  }
}
