package io.sextant.jobs.report.figures;

import io.sextant.jobs.report.data.PlanData.Decided;
import io.sextant.jobs.report.data.PlanData.Traffic;
import io.sextant.jobs.report.data.Section;
import io.sextant.schema.table.DecisionTables;
import io.sextant.schema.table.DecisionTables.DecisionRow;
import java.util.Comparator;
import java.util.List;

/** The decision whether the plan should replace the map in force. */
public final class DecisionFigures {
  private final WarehouseTables tables;

  public DecisionFigures(WarehouseTables tables) {
    this.tables = tables;
  }

  /** The decision of the run that scored the plans, else the last one on the same plan and days. */
  public Section<Decided> decision(Traffic traffic) {
    Section<List<DecisionRow>> found =
        tables.collect(
            DecisionTables.DECISIONS,
            "refresh, solve --current or compare --current",
            DecisionRow.class,
            rows -> rows.where("day = '%s'".formatted(traffic.scoredDay())));
    if (!found.available()) {
      return Section.missing(found.note());
    }
    List<DecisionRow> rows = found.value().stream().filter(row -> isAbout(row, traffic)).toList();
    return rows.isEmpty()
        ? Section.missing(
            "no decision about this plan was recorded; refresh, solve --current or compare"
                + " --current records one")
        : Section.of(decision(rows, traffic.runId()));
  }

  private static boolean isAbout(DecisionRow row, Traffic traffic) {
    return row.runId().equals(traffic.runId())
        || (row.planId() != null
            && row.planId().equals(traffic.identity().planId())
            && row.fromDay().equals(traffic.identity().scoredFrom()));
  }

  private static Decided decision(List<DecisionRow> rows, String runId) {
    Comparator<DecisionRow> sameRun = Comparator.comparing(row -> row.runId().equals(runId));
    DecisionRow row = rows.stream().max(sameRun.thenComparing(DecisionRow::runId)).orElseThrow();
    return new Decided(
        row.command(),
        row.serving(),
        row.verdict(),
        row.reason(),
        Figures.rounded(row.gain()),
        Figures.interval(row.gain(), row.gainLow(), row.gainHigh()),
        row.leastGain(),
        row.movedBytes(),
        Figures.rounded(row.moveMicros()));
  }
}
