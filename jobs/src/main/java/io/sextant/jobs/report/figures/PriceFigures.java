package io.sextant.jobs.report.figures;

import io.sextant.jobs.report.data.PriceData.Curve;
import io.sextant.jobs.report.data.PriceData.Point;
import io.sextant.jobs.report.data.PriceData.Prices;
import io.sextant.jobs.report.data.Section;
import io.sextant.schema.table.DecisionTables;
import io.sextant.schema.table.DecisionTables.CopyPriceRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What redundant copies bring and cost, by the last run of {@code price}. */
public final class PriceFigures {
  private final WarehouseTables tables;

  public PriceFigures(WarehouseTables tables) {
    this.tables = tables;
  }

  public Section<Prices> prices() {
    return tables
        .collect(DecisionTables.COPY_PRICES, "price", CopyPriceRow.class, rows -> rows)
        .map(PriceFigures::lastRun);
  }

  private static Prices lastRun(List<CopyPriceRow> rows) {
    CopyPriceRow last = rows.stream().max(Comparator.comparing(CopyPriceRow::runId)).orElseThrow();
    Map<String, List<Point>> curves = new LinkedHashMap<>();
    rows.stream()
        .filter(row -> row.runId().equals(last.runId()))
        .sorted(
            Comparator.comparing(CopyPriceRow::cluster)
                .thenComparing(CopyPriceRow::serving)
                .thenComparing(CopyPriceRow::slots))
        .forEach(
            row ->
                curves
                    .computeIfAbsent(
                        row.cluster() + ", " + row.serving(), name -> new ArrayList<>())
                    .add(point(row)));
    List<Curve> named = new ArrayList<>();
    curves.forEach((name, points) -> named.add(new Curve(name, points)));
    return new Prices(
        named,
        last.minimumGain(),
        last.plannedFromDay(),
        last.plannedToDay(),
        last.fromDay(),
        last.toDay());
  }

  private static Point point(CopyPriceRow row) {
    return new Point(
        row.slots(),
        row.slotsPerGpu(),
        Figures.rounded(row.predictedLayerMicros()),
        Figures.interval(
            row.predictedLayerMicros(),
            row.predictedLayerMicrosLow(),
            row.predictedLayerMicrosHigh()),
        Figures.rounded(row.gain()),
        Figures.interval(row.gain(), row.gainLow(), row.gainHigh()),
        Figures.rounded(row.remoteNodesPerToken()),
        Figures.rounded(row.maxOverMeanGpuLoad()),
        row.kvTokens(),
        row.kvTokensLost(),
        row.knee() == null ? null : row.knee() == 1);
  }
}
