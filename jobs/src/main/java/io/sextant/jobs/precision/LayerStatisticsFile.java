package io.sextant.jobs.precision;

import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.storage.StoredFile;
import io.sextant.numerics.probe.MatrixStatistics;
import io.sextant.numerics.probe.SiteTensors;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.TextLines;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.stats.LayerStatistics;
import io.sextant.schema.stats.LayerStatisticsJson;
import io.sextant.schema.stats.Operand;
import io.sextant.schema.stats.UnusableSnapshot;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The layer statistics of one file: snapshots as JSON lines, or real tensors as safetensors.
 *
 * @param statistics statistics of every valid snapshot
 * @param unusable snapshots of tensors that overflowed or are empty; they exclude their site, not
 *     the file
 * @param fault the error, with file and line, if the file is damaged or of neither kind; else null.
 *     It is returned to the driver as a value, because Spark prints exceptions of tasks.
 */
record LayerStatisticsFile(
    List<LayerStatistics> statistics, List<UnusableSnapshot> unusable, InvalidInputException fault)
    implements Serializable {

  static LayerStatisticsFile read(InputFile input) throws IOException {
    try {
      return sound(input);
    } catch (InvalidInputException e) {
      return new LayerStatisticsFile(List.of(), List.of(), e);
    }
  }

  private static LayerStatisticsFile sound(InputFile input) throws IOException {
    TraceFile file = new StoredFile(input.path());
    byte[] head = TraceFiles.inspect(file).head();
    if (head.length == 0) {
      throw InvalidInputException.of(
          file.path(), "the file is empty", "Remove it, or record it again");
    }
    return head[0] == '{' ? snapshots(file) : tensors(file);
  }

  private static LayerStatisticsFile snapshots(TraceFile file) throws IOException {
    List<LayerStatistics> all = new ArrayList<>();
    List<UnusableSnapshot> unusable = new ArrayList<>();
    TextLines.forEach(
        file,
        (line, where) ->
            LayerStatisticsJson.unusable(line, where)
                .ifPresentOrElse(
                    unusable::add, () -> all.add(LayerStatisticsJson.parse(line, where))));
    return new LayerStatisticsFile(all, unusable, null);
  }

  private static LayerStatisticsFile tensors(TraceFile file) throws IOException {
    List<LayerStatistics> all = new ArrayList<>();
    for (SiteTensors site : SiteTensors.read(file)) {
      all.add(MatrixStatistics.of(site.site(), Operand.ACTIVATION, site.activations()));
      all.add(MatrixStatistics.of(site.site(), Operand.WEIGHT, site.weights()));
    }
    return new LayerStatisticsFile(all, List.of(), null);
  }
}
