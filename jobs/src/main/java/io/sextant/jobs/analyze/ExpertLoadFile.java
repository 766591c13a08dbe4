package io.sextant.jobs.analyze;

import io.sextant.jobs.analyze.count.Counts;
import io.sextant.jobs.analyze.count.Counts.Cell;
import io.sextant.jobs.analyze.count.Phase;
import io.sextant.jobs.table.TableFile;
import io.sextant.schema.table.UsageTables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.Binary;

/** A Parquet file of the table {@code expert_load} for one day. */
final class ExpertLoadFile {

  private ExpertLoadFile() {}

  /**
   * Writes the rows, sorted by layer, hour, domain, phase and expert. Experts without tokens have
   * no row.
   *
   * @param layers the day's counts of each layer, in ascending order of layer
   */
  static void write(Path path, Map<Integer, Counts> layers, String runId) throws IOException {
    Binary run = Binary.fromString(runId);
    try (TableFile file = new TableFile(path, UsageTables.EXPERT_LOAD)) {
      for (Map.Entry<Integer, Counts> layer : layers.entrySet()) {
        Map<Cell, long[][]> loads = layer.getValue().loads();
        List<Cell> cells = new ArrayList<>(loads.keySet());
        cells.sort(Comparator.comparingInt(Cell::hour).thenComparing(Cell::domain));
        for (Cell cell : cells) {
          Binary domain = Binary.fromString(cell.domain());
          for (Phase phase : List.of(Phase.DECODE, Phase.MIXED, Phase.PREFILL, Phase.UNKNOWN)) {
            long[] load = loads.get(cell)[phase.index()];
            Binary label = Binary.fromString(phase.label());
            for (int expert = 0; expert < load.length; expert++) {
              if (load[expert] > 0) {
                file.smallNumber(cell.hour());
                file.text(domain);
                file.text(label);
                file.smallNumber(layer.getKey());
                file.smallNumber(expert);
                file.number(load[expert]);
                file.text(run);
                file.endRow();
              }
            }
          }
        }
      }
    }
  }
}
