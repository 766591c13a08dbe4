package io.sextant.jobs.placement;

import static org.apache.spark.sql.functions.max;

import io.sextant.jobs.table.SmallTable;
import io.sextant.placement.SlotLayout;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.table.TableDefinition;
import io.sextant.schema.table.Tables;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** Keeps plans and their scores as rows of the warehouse, for analysts and the report. */
record PlanRows(SparkSession spark, ModelSpec model, SlotLayout layout, String runId) {

  /** Writes {@code placements} and {@code placement_metrics}, under the last day scored on. */
  void write(TraceWindow scoreWindow, List<Plan> plans, ScoreTable table) {
    String day = lastDay(spark, scoreWindow);
    write(
        table.rows(model.moeLayers(), runId, model.name(), day),
        Tables.PLACEMENT_METRICS,
        scoreWindow);
    List<Row> rows = new ArrayList<>();
    for (Plan plan : plans) {
      addSlots(rows, plan, day);
    }
    write(rows, Tables.PLACEMENTS, scoreWindow);
  }

  private void write(List<Row> rows, TableDefinition table, TraceWindow window) {
    SmallTable.write(rows, table, window.warehouse() + "/" + table.name());
  }

  static String lastDay(SparkSession spark, TraceWindow window) {
    return window.table(spark).agg(max("day")).first().getString(0);
  }

  private void addSlots(List<Row> rows, Plan plan, String day) {
    for (int l = 0; l < plan.slots().length; l++) {
      int[] slots = plan.slots()[l];
      SlotLayout own = layout.withSlots(slots.length);
      for (int p = 0; p < slots.length; p++) {
        rows.add(
            RowFactory.create(
                plan.name(),
                model.moeLayers().get(l),
                p,
                own.gpuOfSlot(p),
                own.nodeOfSlot(p),
                slots[p],
                runId,
                model.name(),
                day));
      }
    }
  }
}
