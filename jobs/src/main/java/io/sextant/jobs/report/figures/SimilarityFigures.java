package io.sextant.jobs.report.figures;

import io.sextant.jobs.report.data.ReportData.Days;
import io.sextant.jobs.report.data.RoutingData.Domains;
import io.sextant.jobs.report.data.RoutingData.Drift;
import io.sextant.jobs.report.data.Section;
import io.sextant.schema.table.UsageTables;
import io.sextant.schema.table.UsageTables.DomainSimilarityRow;
import io.sextant.schema.table.UsageTables.DriftRow;
import java.util.List;

/**
 * The similarity of domains, and of days, in their use of the experts. Both phases together, mean
 * over the layers.
 */
public final class SimilarityFigures {
  /** A matrix with more days is not readable; the latest days are kept. */
  private static final int MOST_DAYS = 31;

  private final WarehouseTables tables;

  public SimilarityFigures(WarehouseTables tables) {
    this.tables = tables;
  }

  public Section<Domains> domains(Days window) {
    Section<PairTable> pairs =
        tables
            .collect(
                UsageTables.DOMAIN_SIMILARITY,
                "analyze",
                DomainSimilarityRow.class,
                rows ->
                    rows.where(
                        "from_day = '%s' and to_day = '%s' and phase = 'all'"
                            .formatted(window.from(), window.to())))
            .map(SimilarityFigures::domainPairs);
    if (pairs.available() && pairs.value().names().size() < 2) {
      return Section.missing("the traces have a single domain");
    }
    return pairs.map(
        table -> {
          List<String> sorted = table.names();
          List<String> names =
              LikenessOrder.of(table.first(sorted, 1)).stream().map(sorted::get).toList();
          return new Domains(names, table.first(names, 1), table.second(names, 0));
        });
  }

  public Section<Drift> drift(Days window) {
    if (window.from().equals(window.to())) {
      return Section.missing("the traces cover a single day");
    }
    Section<PairTable> pairs =
        tables
            .collect(
                UsageTables.DRIFT,
                "analyze",
                DriftRow.class,
                rows ->
                    rows.where(
                        "day_a >= '%s' and day_b <= '%s' and phase = 'all'"
                            .formatted(window.from(), window.to())))
            .map(SimilarityFigures::dayPairs);
    return pairs.map(
        table -> {
          List<String> days = table.names();
          List<String> last = days.subList(Math.max(0, days.size() - MOST_DAYS), days.size());
          return new Drift(List.copyOf(last), table.first(last, 0), table.second(last, 0));
        });
  }

  private static PairTable domainPairs(List<DomainSimilarityRow> rows) {
    PairTable table = new PairTable();
    rows.forEach(
        row ->
            table.add(
                row.domainA(), row.domainB(), row.layer(), row.cosine(), row.jensenShannon()));
    return table;
  }

  private static PairTable dayPairs(List<DriftRow> rows) {
    PairTable table = new PairTable();
    rows.forEach(
        row ->
            table.add(
                row.dayA(), row.dayB(), row.layer(), row.totalVariation(), row.jensenShannon()));
    return table;
  }
}
