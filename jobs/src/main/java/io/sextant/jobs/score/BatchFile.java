package io.sextant.jobs.score;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.StepProgress;
import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.stretch.FileStretches;
import io.sextant.jobs.stretch.RankFiles;
import io.sextant.schema.trace.format.FormatChoice;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes lines about the micro-batches of trace files under each plan, which a device then runs.
 *
 * @param to output file, replaced when everything is written
 */
record BatchFile(Path to, Progress progress) {

  /** Has the evaluator of one layer of one plan report its micro-batches. */
  interface Reports {

    /**
     * @param file name of the first file of the stretch
     * @param lines receives a line per micro-batch, without its end
     */
    void begin(LayerScore score, String file, Consumer<String> lines);
  }

  void write(
      Scoring scoring,
      List<Plan> plans,
      List<InputFile> files,
      FormatChoice format,
      Reports reports)
      throws IOException {
    List<List<RankFiles>> groups = FileStretches.groups(files);
    StepProgress written = new StepProgress(progress, groups.size(), "groups of files");
    Path aside = to.resolveSibling(to.getFileName() + ".tmp");
    Files.createDirectories(to.toAbsolutePath().getParent());
    PlanEvaluators evaluators = new PlanEvaluators(scoring);
    try (BufferedWriter writer = Files.newBufferedWriter(aside)) {
      ScoredStretches stretches =
          new ScoredStretches(
              scoring,
              path -> {
                List<LayerScore> scores = evaluators.layerScores(plans);
                String file = path.substring(path.lastIndexOf('/') + 1);
                scores.forEach(score -> reports.begin(score, file, line -> write(writer, line)));
                return scores;
              },
              (path, scores) -> {});
      for (List<RankFiles> group : groups) {
        stretches.read(group, format);
        written.step();
      }
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(aside);
      throw e;
    }
    Files.move(aside, to, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void write(BufferedWriter writer, String line) {
    try {
      writer.write(line);
      writer.newLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
