package io.sextant.jobs.report.figures;

import io.sextant.jobs.report.data.PlanData.LayerMoved;
import io.sextant.jobs.report.data.PlanData.Moved;
import io.sextant.jobs.report.data.PlanData.Plan;
import io.sextant.jobs.report.data.PlanData.Score;
import io.sextant.jobs.report.data.PlanData.Traffic;
import io.sextant.jobs.report.data.Section;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.table.DecisionTables;
import io.sextant.schema.table.DecisionTables.MoveRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The slot writes that lead from the map in force to the plan. */
public final class MoveFigures {
  /** Maximum number of writes on the page; the table has all. */
  static final int MOST_WRITES = 5000;

  private final WarehouseTables tables;
  private final LayerAxis axis;

  public MoveFigures(WarehouseTables tables, ModelSpec model) {
    this.tables = tables;
    this.axis = new LayerAxis(model);
  }

  /** The writes of the run that scored the plans. */
  public Section<Moved> moves(Traffic traffic) {
    if (traffic.before().equals(TrafficFigures.LINEAR)) {
      return Section.missing(
          "no map was in force, so nothing moves: an engine loads its first map when it starts");
    }
    return tables
        .collect(
            DecisionTables.MOVES,
            "solve --current",
            MoveRow.class,
            rows ->
                rows.where("run_id = '%s'".formatted(traffic.runId()))
                    .orderBy("layer", "step", "slot"))
        .map(rows -> moved(rows, traffic));
  }

  private Moved moved(List<MoveRow> rows, Traffic traffic) {
    int nodes = 0;
    for (MoveRow row : rows) {
      nodes = Math.max(nodes, 1 + Math.max(row.node(), row.fromNode()));
    }
    long[][] between = new long[nodes][nodes];
    int[] writes = new int[axis.size()];
    int[] steps = new int[axis.size()];
    long[] copied = new long[axis.size()];
    for (MoveRow row : rows) {
      int layer = axis.index(row.layer());
      long bytes = row.copiedBytes();
      between[row.fromNode()][row.node()] += bytes;
      writes[layer]++;
      steps[layer] = Math.max(steps[layer], 1 + row.step());
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
        traffic.plans().stream().filter(one -> one.name().equals(traffic.after())).findFirst();
    return plan.map(one -> one.byLayer().get(layer)).map(Score::movedBytes).orElse(null);
  }

  private static int[] write(MoveRow row) {
    return new int[] {
      row.layer(), row.step(), row.slot(), row.expert(), row.fromSlot(), row.fromGpu(), row.gpu()
    };
  }
}
