package io.sextant.jobs.report;

import io.sextant.jobs.report.ReportData.ClusterMap;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.table.PlanTables;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Where every expert of the plan lives. */
final class MapFigures {
  private final WarehouseTables tables;
  private final LayerAxis axis;

  MapFigures(WarehouseTables tables, ModelSpec model) {
    this.tables = tables;
    this.axis = new LayerAxis(model);
  }

  /** Sextant's plan of the last run of the last day. */
  Section<ClusterMap> map() {
    return tables
        .collectLastDay(
            PlanTables.PLACEMENTS,
            "solve",
            rows -> rows.where(functions.col("plan").equalTo(TrafficFigures.SEXTANT)),
            "run_id",
            "layer",
            "slot")
        .map(this::map);
  }

  private ClusterMap map(List<Row> rows) {
    String lastRun = rows.get(rows.size() - 1).getAs("run_id");
    List<Row> newest = rows.stream().filter(row -> lastRun.equals(row.getAs("run_id"))).toList();
    int nodes = 1 + newest.stream().mapToInt(row -> row.<Integer>getAs("node")).max().orElseThrow();
    int gpus = 1 + newest.stream().mapToInt(row -> row.<Integer>getAs("gpu")).max().orElseThrow();
    List<List<List<Integer>>> experts = new ArrayList<>();
    for (int layer = 0; layer < axis.size(); layer++) {
      List<List<Integer>> ofLayer = new ArrayList<>();
      for (int gpu = 0; gpu < gpus; gpu++) {
        ofLayer.add(new ArrayList<>());
      }
      experts.add(ofLayer);
    }
    for (Row row : newest) {
      experts
          .get(axis.index(row.<Integer>getAs("layer")))
          .get(row.<Integer>getAs("gpu"))
          .add(row.<Integer>getAs("expert"));
    }
    return new ClusterMap(nodes, experts);
  }
}
