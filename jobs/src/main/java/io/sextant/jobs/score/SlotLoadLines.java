package io.sextant.jobs.score;

import io.sextant.gpu.expert.ReplayBatch;
import io.sextant.jobs.serving.LayerShape;
import io.sextant.placement.evaluate.LayerEvaluator;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The tokens of each slot for each micro-batch, as JSON lines, which {@code gpu-validate placement}
 * runs on a device.
 */
record SlotLoadLines(LayerShape shape) implements BatchFile.Reports {

  @Override
  public void begin(LayerScore score, String file, Consumer<String> lines) {
    score.evaluator().reportTo(new Batches(score, file, lines));
  }

  private final class Batches implements LayerEvaluator.SlotLoads {
    private final LayerScore score;
    private final String file;
    private final Consumer<String> lines;
    private int batch;

    Batches(LayerScore score, String file, Consumer<String> lines) {
      this.score = score;
      this.file = file;
      this.lines = lines;
    }

    @Override
    public void microBatch(long[] tokensOfSlot, double received) {
      int[] tokens = Arrays.stream(tokensOfSlot).mapToInt(Math::toIntExact).toArray();
      ReplayBatch line =
          new ReplayBatch(
              score.plan().name(),
              file,
              shape.model().moeLayers().get(score.layerIndex()),
              batch++,
              shape.layout().gpus(),
              tokens,
              received);
      lines.accept(line.toJson());
    }
  }
}
