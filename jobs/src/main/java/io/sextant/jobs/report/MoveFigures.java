package io.sextant.jobs.report;

import io.sextant.jobs.report.ReportData.LayerMoved;
import io.sextant.jobs.report.ReportData.Moved;
import io.sextant.jobs.report.ReportData.Plan;
import io.sextant.jobs.report.ReportData.Score;
import io.sextant.jobs.report.ReportData.Traffic;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.table.PlanTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;

/** What is written on the way from the map in force to the plan. */
final class MoveFigures {
  /** More than a page should carry; the table has all. */
  static final int MOST_WRITES = 5000;

  private final WarehouseTables tables;
  private final LayerAxis axis;

  MoveFigures(WarehouseTables tables, ModelSpec model) {
    this.tables = tables;
    this.axis = new LayerAxis(model);
  }

  /** Of the run that scored the plans. */
  Section<Moved> moves(Traffic traffic) {
    if (traffic.before().equals(TrafficFigures.LINEAR)) {
      return Section.missing(
          "no map was in force, so that nothing moves: an engine loads its first map when it starts");
    }
    return tables
        .collect(
            PlanTables.MOVES,
            "solve --current",
            rows ->
                rows.where("run_id = '%s'".formatted(traffic.runId()))
                    .orderBy("layer", "step", "slot"))
        .map(rows -> moved(rows, traffic));
  }

  private Moved moved(List<Row> rows, Traffic traffic) {
    int nodes = 0;
    for (Row row : rows) {
      nodes = Math.max(nodes, 1 + Math.max(number(row, "node"), number(row, "from_node")));
    }
    long[][] between = new long[nodes][nodes];
    int[] writes = new int[axis.size()];
    int[] steps = new int[axis.size()];
    long[] copied = new long[axis.size()];
    for (Row row : rows) {
      int layer = axis.index(number(row, "layer"));
      long bytes = row.<Long>getAs("copied_bytes");
      between[number(row, "from_node")][number(row, "node")] += bytes;
      writes[layer]++;
      steps[layer] = Math.max(steps[layer], 1 + number(row, "step"));
      copied[layer] += bytes;
    }
    List<LayerMoved> layers = new ArrayList<>();
    for (int l = 0; l < writes.length; l++) {
      layers.add(new LayerMoved(writes[l], steps[l], movedBytes(traffic, l), copied[l]));
    }
    int[][] listed = rows.stream().limit(MOST_WRITES).map(MoveFigures::write).toArray(int[][]::new);
    return new Moved(layers, between, listed, rows.size());
  }

  private static Long movedBytes(Traffic traffic, int layer) {
    Optional<Plan> plan =
        traffic.plans().stream()
            .filter(one -> one.name().equals(TrafficFigures.SEXTANT))
            .findFirst();
    return plan.map(one -> one.byLayer().get(layer)).map(Score::movedBytes).orElse(null);
  }

  private static int[] write(Row row) {
    return new int[] {
      number(row, "layer"),
      number(row, "step"),
      number(row, "slot"),
      number(row, "expert"),
      number(row, "from_slot"),
      number(row, "from_gpu"),
      number(row, "gpu")
    };
  }

  private static int number(Row row, String column) {
    return row.<Integer>getAs(column);
  }
}
