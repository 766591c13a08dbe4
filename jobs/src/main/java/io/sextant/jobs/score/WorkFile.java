package io.sextant.jobs.score;

import io.sextant.gpu.expert.ReplayBatch;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.StepProgress;
import io.sextant.jobs.storage.InputFile;
import io.sextant.placement.evaluate.LayerEvaluator;
import io.sextant.schema.trace.format.FormatChoice;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;

/**
 * Writes the tokens of each slot for each micro-batch of trace files under each plan, as JSON
 * lines, which {@code gpu-validate placement} runs on a device.
 */
record WorkFile(Scoring scoring, List<Plan> plans, Progress progress) {

  /**
   * @param to output file, replaced when everything is written
   */
  void write(List<InputFile> files, FormatChoice format, Path to) throws IOException {
    List<List<RankFiles>> groups = FileStretches.groups(files);
    StepProgress written = new StepProgress(progress, groups.size(), "groups of files");
    Path aside = to.resolveSibling(to.getFileName() + ".tmp");
    PlanEvaluators evaluators = new PlanEvaluators(scoring);
    try (BufferedWriter writer = Files.newBufferedWriter(aside)) {
      for (List<RankFiles> group : groups) {
        new FileStretches(
                scoring, format, path -> reporting(evaluators, path, writer), (path, scores) -> {})
            .read(group);
        written.step();
      }
    }
    Files.move(aside, to, StandardCopyOption.REPLACE_EXISTING);
  }

  private List<LayerScore> reporting(
      PlanEvaluators evaluators, String path, BufferedWriter writer) {
    List<LayerScore> scores = evaluators.layerScores(plans);
    for (LayerScore score : scores) {
      score.evaluator().reportTo(new Lines(writer, score, path));
    }
    return scores;
  }

  /** Writes one line per micro-batch. */
  private final class Lines implements LayerEvaluator.SlotLoads {
    private final BufferedWriter writer;
    private final LayerScore score;
    private final String path;
    private int batch;

    Lines(BufferedWriter writer, LayerScore score, String path) {
      this.writer = writer;
      this.score = score;
      this.path = path;
    }

    @Override
    public void microBatch(long[] tokensOfSlot, double received) {
      int[] tokens = Arrays.stream(tokensOfSlot).mapToInt(Math::toIntExact).toArray();
      ReplayBatch line =
          new ReplayBatch(
              score.plan().name(),
              path.substring(path.lastIndexOf('/') + 1),
              scoring.shape().model().moeLayers().get(score.layerIndex()),
              batch++,
              scoring.shape().layout().gpus(),
              tokens,
              received);
      try {
        writer.write(line.toJson());
        writer.newLine();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
