package io.sextant.jobs.plan;

import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.RowHead;
import io.sextant.jobs.table.SmallTable;
import io.sextant.jobs.window.RequestRoutes;
import io.sextant.schema.table.PlanTables;
import io.sextant.schema.table.PlanTables.MicroBatchGroupRow;
import java.util.ArrayList;
import java.util.List;

/** Stores the node of each request as rows of {@code micro_batch_groups}. */
record GroupRows(RowHead head, Plan grouped) {

  /**
   * @param routes the nodes of the requests
   */
  void write(String warehouse, RequestRoutes routes) {
    List<MicroBatchGroupRow> rows = new ArrayList<>();
    routes.forEach(
        (request, node) ->
            rows.add(
                new MicroBatchGroupRow(
                    head.planId(grouped),
                    grouped.name(),
                    head.cluster(),
                    head.slots(),
                    head.serving(),
                    head.precision(),
                    head.traffic(),
                    head.scored().first(),
                    head.scored().last(),
                    request.requestId(),
                    request.source(),
                    request.arrivalMillis(),
                    node,
                    head.runId(),
                    head.model(),
                    head.day())));
    SmallTable.replace(
        rows,
        PlanTables.MICRO_BATCH_GROUPS,
        warehouse + "/" + PlanTables.MICRO_BATCH_GROUPS.name(),
        head.file(grouped, null));
  }
}
