package io.sextant.jobs.report;

import io.sextant.jobs.report.ReportData.Links;
import io.sextant.jobs.report.ReportData.Traffic;
import io.sextant.schema.table.PlanTables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/** Who sends to whom under each plan. */
final class LinkFigures {
  private final WarehouseTables tables;

  LinkFigures(WarehouseTables tables) {
    this.tables = tables;
  }

  /** Of the run that scored the plans, all layers together, in the order of the plans. */
  Section<List<Links>> links(Traffic traffic) {
    return tables
        .collect(
            PlanTables.NODE_TRAFFIC,
            "solve",
            rows ->
                rows.where("run_id = '%s'".formatted(traffic.runId()))
                    .groupBy("plan", "source_node", "node")
                    .sum("tokens"))
        .map(rows -> links(rows, traffic));
  }

  private static List<Links> links(List<Row> rows, Traffic traffic) {
    int nodes = 1 + rows.stream().mapToInt(row -> row.getInt(1)).max().orElseThrow();
    Map<String, long[][]> byPlan = new LinkedHashMap<>();
    for (Row row : rows) {
      byPlan
              .computeIfAbsent(row.getString(0), plan -> new long[nodes][nodes])[row.getInt(1)][
              row.getInt(2)] =
          row.getLong(3);
    }
    List<Links> links = new ArrayList<>();
    traffic.plans().stream()
        .map(ReportData.Plan::name)
        .filter(byPlan::containsKey)
        .forEach(plan -> links.add(new Links(plan, byPlan.get(plan))));
    return links;
  }
}
