package io.sextant.jobs.report;

import io.sextant.jobs.report.ReportData.Days;
import io.sextant.jobs.report.ReportData.Domains;
import io.sextant.jobs.report.ReportData.Drift;
import io.sextant.schema.table.UsageTables;
import java.util.List;
import org.apache.spark.sql.Row;

/** How alike domains, and days, use the experts. Both phases together, mean over the layers. */
final class SimilarityFigures {
  /** A matrix with more days than this cannot be read; the latest are kept. */
  private static final int MOST_DAYS = 31;

  private final WarehouseTables tables;

  SimilarityFigures(WarehouseTables tables) {
    this.tables = tables;
  }

  Section<Domains> domains(Days window) {
    Section<PairTable> pairs =
        tables
            .collect(
                UsageTables.DOMAIN_SIMILARITY,
                "analyze",
                rows ->
                    rows.where(
                            "from_day = '%s' and to_day = '%s' and phase = 'all'"
                                .formatted(window.from(), window.to()))
                        .select("domain_a", "domain_b", "layer", "cosine", "jensen_shannon"))
            .map(SimilarityFigures::pairs);
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

  Section<Drift> drift(Days window) {
    if (window.from().equals(window.to())) {
      return Section.missing("the traces cover a single day");
    }
    Section<PairTable> pairs =
        tables
            .collect(
                UsageTables.DRIFT,
                "analyze",
                rows ->
                    rows.where(
                            "day_a >= '%s' and day_b <= '%s' and phase = 'all'"
                                .formatted(window.from(), window.to()))
                        .select("day_a", "day_b", "layer", "total_variation", "jensen_shannon"))
            .map(SimilarityFigures::pairs);
    return pairs.map(
        table -> {
          List<String> days = table.names();
          List<String> last = days.subList(Math.max(0, days.size() - MOST_DAYS), days.size());
          return new Drift(List.copyOf(last), table.first(last, 0), table.second(last, 0));
        });
  }

  private static PairTable pairs(List<Row> rows) {
    PairTable table = new PairTable();
    for (Row row : rows) {
      table.add(row.getString(0), row.getString(1), row.getInt(2), row.getAs(3), row.getAs(4));
    }
    return table;
  }
}
