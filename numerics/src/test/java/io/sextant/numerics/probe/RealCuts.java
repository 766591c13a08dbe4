package io.sextant.numerics.probe;

import io.sextant.schema.file.TextLines;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.stats.LayerStatistics;
import io.sextant.schema.stats.LayerStatisticsJson;
import io.sextant.schema.stats.Operand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The cuts of real tensors in {@code src/test/resources/precision}. */
public final class RealCuts {
  private static final Path FOLDER = Path.of("src/test/resources/precision");

  private RealCuts() {}

  public static TraceFile file(String name) throws IOException {
    return TraceFiles.local(FOLDER.resolve(name));
  }

  static List<LayerStatistics> statistics(String name) throws IOException {
    List<LayerStatistics> all = new ArrayList<>();
    TextLines.forEach(file(name), (line, where) -> all.add(LayerStatisticsJson.parse(line, where)));
    return all;
  }

  /** The newest snapshot of an operand. */
  static LayerStatistics newest(List<LayerStatistics> all, String site, Operand operand) {
    LayerStatistics newest = null;
    for (LayerStatistics one : all) {
      if (one.site().equals(site)
          && one.operand() == operand
          && (newest == null || one.step() > newest.step())) {
        newest = one;
      }
    }
    return newest;
  }

  public static List<SiteTensors> tensors() throws IOException {
    return SiteTensors.read(file("lrm-tensors.safetensors.gz"));
  }
}
