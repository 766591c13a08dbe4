package io.sextant.jobs.precision;

import io.sextant.gpu.probe.MatrixStatistics;
import io.sextant.gpu.probe.SiteTensors;
import io.sextant.jobs.HadoopTraceFile;
import io.sextant.jobs.InputFile;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.TextLines;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.stats.LayerStatistics;
import io.sextant.schema.stats.LayerStatisticsJson;
import io.sextant.schema.stats.Operand;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The layer statistics of one file: snapshots as JSON lines, or real tensors as safetensors.
 *
 * @param fault names the file and line, where it is damaged or of neither kind; null where it is
 *     sound. It goes to the driver as a value, because Spark prints what a task throws.
 */
record LayerStatisticsFile(List<LayerStatistics> statistics, InvalidInputException fault)
    implements Serializable {

  static LayerStatisticsFile read(InputFile input) throws IOException {
    try {
      return new LayerStatisticsFile(statistics(input), null);
    } catch (InvalidInputException e) {
      return new LayerStatisticsFile(List.of(), e);
    }
  }

  private static List<LayerStatistics> statistics(InputFile input) throws IOException {
    TraceFile file = new HadoopTraceFile(input.path());
    byte[] head = TraceFiles.inspect(file).head();
    if (head.length == 0) {
      throw InvalidInputException.of(file.path(), "the file is empty", "Take it out, or record it");
    }
    return head[0] == '{' ? snapshots(file) : tensors(file);
  }

  private static List<LayerStatistics> snapshots(TraceFile file) throws IOException {
    List<LayerStatistics> all = new ArrayList<>();
    TextLines.forEach(file, (line, where) -> all.add(LayerStatisticsJson.parse(line, where)));
    return all;
  }

  private static List<LayerStatistics> tensors(TraceFile file) throws IOException {
    List<LayerStatistics> all = new ArrayList<>();
    for (SiteTensors site : SiteTensors.read(file)) {
      all.add(MatrixStatistics.of(site.site(), Operand.ACTIVATION, site.activations()));
      all.add(MatrixStatistics.of(site.site(), Operand.WEIGHT, site.weights()));
    }
    return all;
  }
}
