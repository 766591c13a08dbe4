package io.sextant.jobs.report;

import io.sextant.jobs.report.ReportData.Decided;
import io.sextant.jobs.report.ReportData.Traffic;
import io.sextant.schema.table.PlanTables;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Row;

/** Whether the plan was to take the place of the map in force. */
final class DecisionFigures {
  private final WarehouseTables tables;

  DecisionFigures(WarehouseTables tables) {
    this.tables = tables;
  }

  /** Of the run that scored the plans, or else the last one on the same day. */
  Section<Decided> decision(Traffic traffic) {
    return tables
        .collect(
            PlanTables.DECISIONS,
            "refresh, solve --current or compare --current",
            rows -> rows.where("day = '%s'".formatted(traffic.scoredDay())))
        .map(rows -> decision(rows, traffic.runId()));
  }

  private static Decided decision(List<Row> rows, String runId) {
    Comparator<Row> sameRun = Comparator.comparing(row -> row.getAs("run_id").equals(runId));
    Row row =
        rows.stream().max(sameRun.thenComparing(one -> one.<String>getAs("run_id"))).orElseThrow();
    return new Decided(
        row.getAs("command"),
        row.getAs("verdict"),
        row.getAs("reason"),
        Figures.rounded(row.getAs("gain")),
        Figures.span(row, "gain"),
        row.<Double>getAs("least_gain"),
        row.getAs("moved_bytes"),
        Figures.rounded(row.getAs("move_micros")));
  }
}
