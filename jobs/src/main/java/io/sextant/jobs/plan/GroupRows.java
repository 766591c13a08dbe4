package io.sextant.jobs.plan;

import io.sextant.jobs.table.SmallTable;
import io.sextant.schema.table.PlanTables;
import io.sextant.schema.table.PlanTables.MicroBatchGroupRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Stores the node of each request as rows of {@code micro_batch_groups}. */
record GroupRows(String model, String serving, String runId) {

  /**
   * @param day the last day of the scoring window
   * @param routes the node of each request, by request id
   */
  void write(String warehouse, String day, Map<Long, Integer> routes) {
    List<MicroBatchGroupRow> rows = new ArrayList<>();
    routes.forEach(
        (id, node) -> rows.add(new MicroBatchGroupRow(id, node, serving, runId, model, day)));
    SmallTable.write(
        rows,
        PlanTables.MICRO_BATCH_GROUPS,
        warehouse + "/" + PlanTables.MICRO_BATCH_GROUPS.name());
  }
}
