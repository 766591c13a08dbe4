package io.sextant.jobs.analyze;

import io.sextant.jobs.analyze.Counts.Cell;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** The rows of {@code expert_load} of one layer and day. */
final class ExpertLoadRows {

  private ExpertLoadRows() {}

  /** Ordered by hour, domain, phase and expert; experts without tokens have no row. */
  static List<Row> of(CountKey key, Counts counts, String model, String runId) {
    List<Cell> cells = new ArrayList<>(counts.loads().keySet());
    cells.sort(Comparator.comparingInt(Cell::hour).thenComparing(Cell::domain));
    List<Row> rows = new ArrayList<>();
    for (Cell cell : cells) {
      for (Phase phase : List.of(Phase.PREFILL, Phase.DECODE, Phase.MIXED)) {
        long[] load = counts.loads().get(cell)[phase.index()];
        for (int expert = 0; expert < load.length; expert++) {
          if (load[expert] > 0) {
            rows.add(
                RowFactory.create(
                    cell.hour(),
                    cell.domain(),
                    phase.label(),
                    key.layer(),
                    expert,
                    load[expert],
                    runId,
                    model,
                    key.day()));
          }
        }
      }
    }
    return rows;
  }
}
