package io.sextant.jobs.plan;

import io.sextant.jobs.table.SmallTable;
import io.sextant.schema.table.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Keeps the node of each request as rows of {@code micro_batch_groups}. */
record GroupRows(String model, String runId) {

  /**
   * @param day the last day scored on
   * @param routes request id to node
   */
  void write(String warehouse, String day, Map<Long, Integer> routes) {
    List<Row> rows = new ArrayList<>();
    routes.forEach((id, node) -> rows.add(RowFactory.create(id, node, runId, model, day)));
    SmallTable.write(
        rows, Tables.MICRO_BATCH_GROUPS, warehouse + "/" + Tables.MICRO_BATCH_GROUPS.name());
  }
}
