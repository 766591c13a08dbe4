package io.sextant.jobs.score;

import io.sextant.gpu.layer.RoutedBatch;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.StepProgress;
import io.sextant.jobs.storage.InputFile;
import io.sextant.placement.evaluate.LayerEvaluator;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.trace.format.FormatChoice;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Writes the routing of micro-batches of trace files under each plan, as JSON lines, which {@code
 * gpu-validate layer} runs on the GPUs of a host.
 *
 * @param every number of micro-batches of a file, phase and layer of which one is written
 */
record RoutesFile(Scoring scoring, List<Plan> plans, int every, Progress progress) {

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
      score
          .evaluator()
          .reportRoutes(
              new Lines(writer, score, path, "prefill"), new Lines(writer, score, path, "decode"));
    }
    return scores;
  }

  /** Writes a line for every {@code every}-th micro-batch; layers begin at different ones. */
  private final class Lines implements LayerEvaluator.BatchRoutes {
    private final BufferedWriter writer;
    private final LayerScore score;
    private final String path;
    private final String phase;
    private int batch;

    Lines(BufferedWriter writer, LayerScore score, String path, String phase) {
      this.writer = writer;
      this.score = score;
      this.path = path;
      this.phase = phase;
    }

    @Override
    public void microBatch(int[] sourceGpus, int[] slots) {
      int number = batch++;
      if ((number + score.layerIndex()) % every != 0) {
        return;
      }
      SlotLayout layout = scoring.shape().layout();
      RoutedBatch line =
          new RoutedBatch(
              score.plan().name(),
              phase,
              path.substring(path.lastIndexOf('/') + 1),
              scoring.shape().model().moeLayers().get(score.layerIndex()),
              number,
              layout.nodes(),
              layout.gpus(),
              score.plan().slots()[score.layerIndex()].length,
              slots.length / sourceGpus.length,
              RoutedBatch.pack(sourceGpus, slots));
      try {
        writer.write(line.toJson());
        writer.newLine();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
