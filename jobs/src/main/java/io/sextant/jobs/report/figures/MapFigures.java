package io.sextant.jobs.report.figures;

import io.sextant.jobs.report.data.PlanData.ClusterMap;
import io.sextant.jobs.report.data.Section;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.table.PlanTables;
import io.sextant.schema.table.PlanTables.PlacementRow;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.functions;

/** The GPU and slot of every expert of the plan. */
public final class MapFigures {
  private final WarehouseTables tables;
  private final LayerAxis axis;

  public MapFigures(WarehouseTables tables, ModelSpec model) {
    this.tables = tables;
    this.axis = new LayerAxis(model);
  }

  /** The plan that the page describes. */
  public Section<ClusterMap> map(ShownRun run) {
    return tables
        .collect(
            PlanTables.PLACEMENTS,
            "solve",
            PlacementRow.class,
            rows ->
                rows.where(functions.col("run_id").equalTo(run.runId()))
                    .where(functions.col("plan").equalTo(run.plan()))
                    .orderBy("layer", "slot"))
        .map(this::map);
  }

  private ClusterMap map(List<PlacementRow> rows) {
    int nodes = 1 + rows.stream().mapToInt(PlacementRow::node).max().orElseThrow();
    int gpus = 1 + rows.stream().mapToInt(PlacementRow::gpu).max().orElseThrow();
    List<List<List<Integer>>> experts = new ArrayList<>();
    for (int layer = 0; layer < axis.size(); layer++) {
      List<List<Integer>> ofLayer = new ArrayList<>();
      for (int gpu = 0; gpu < gpus; gpu++) {
        ofLayer.add(new ArrayList<>());
      }
      experts.add(ofLayer);
    }
    for (PlacementRow row : rows) {
      experts.get(axis.index(row.layer())).get(row.gpu()).add(row.expert());
    }
    return new ClusterMap(nodes, experts);
  }
}
