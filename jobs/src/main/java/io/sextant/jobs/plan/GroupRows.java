package io.sextant.jobs.plan;

import io.sextant.jobs.table.SmallTable;
import io.sextant.jobs.window.RequestRoutes;
import io.sextant.schema.table.PlanTables;
import io.sextant.schema.table.PlanTables.MicroBatchGroupRow;
import java.util.ArrayList;
import java.util.List;

/** Stores the node of each request as rows of {@code micro_batch_groups}. */
record GroupRows(String model, String serving, String runId) {

  /**
   * @param day the last day of the scoring window
   * @param routes the nodes of the requests
   */
  void write(String warehouse, String day, RequestRoutes routes) {
    List<MicroBatchGroupRow> rows = new ArrayList<>();
    routes.forEach(
        (request, node) ->
            rows.add(
                new MicroBatchGroupRow(
                    request.requestId(),
                    request.source(),
                    request.arrivalMillis(),
                    node,
                    serving,
                    runId,
                    model,
                    day)));
    SmallTable.write(
        rows,
        PlanTables.MICRO_BATCH_GROUPS,
        warehouse + "/" + PlanTables.MICRO_BATCH_GROUPS.name());
  }
}
