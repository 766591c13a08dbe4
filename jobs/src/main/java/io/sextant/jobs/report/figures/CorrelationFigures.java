package io.sextant.jobs.report.figures;

import io.sextant.jobs.report.data.ReportData.Days;
import io.sextant.jobs.report.data.RoutingData.Correlation;
import io.sextant.jobs.report.data.RoutingData.DomainCorrelation;
import io.sextant.jobs.report.data.RoutingData.Measured;
import io.sextant.jobs.report.data.Section;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.stats.Estimate;
import io.sextant.schema.table.UsageTables;
import io.sextant.schema.table.UsageTables.PrefillDecodeRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** The correlation of the experts of a request's prefill with those of its decode. */
public final class CorrelationFigures {
  private static final int ALL_LAYERS = -1;

  private final WarehouseTables tables;
  private final LayerAxis axis;

  public CorrelationFigures(WarehouseTables tables, ModelSpec model) {
    this.tables = tables;
    this.axis = new LayerAxis(model);
  }

  /** Missing, with the table's own note, if the traces have no prefill or no decode rows. */
  public Section<Correlation> correlation(Days window) {
    Section<List<PrefillDecodeRow>> found =
        tables.collect(
            UsageTables.PREFILL_DECODE,
            "analyze",
            PrefillDecodeRow.class,
            rows ->
                rows.where(
                    "from_day = '%s' and to_day = '%s' and scope in ('request', 'domain')"
                        .formatted(window.from(), window.to())));
    if (!found.available()) {
      return Section.missing(found.note());
    }
    List<PrefillDecodeRow> rows = found.value();
    List<PrefillDecodeRow> requests =
        rows.stream().filter(row -> row.scope().equals("request")).toList();
    if (requests.stream().allMatch(row -> row.pearson() == null)) {
      return Section.missing(
          requests.stream()
              .map(PrefillDecodeRow::note)
              .filter(Objects::nonNull)
              .map(note -> note.replaceFirst("^not available: ", ""))
              .sorted()
              .findFirst()
              .orElse("no request has both prefill and decode tokens"));
    }
    List<Measured> pearson = Figures.blanks(axis.size());
    List<Measured> spearman = Figures.blanks(axis.size());
    Measured overall = null;
    for (PrefillDecodeRow row : requests) {
      int layer = row.layer();
      if (layer == ALL_LAYERS) {
        overall = pearson(row);
      } else {
        pearson.set(axis.index(layer), pearson(row));
        spearman.set(axis.index(layer), spearman(row));
      }
    }
    return Section.of(new Correlation(pearson, spearman, overall, byDomain(rows)));
  }

  private static List<DomainCorrelation> byDomain(List<PrefillDecodeRow> rows) {
    List<DomainCorrelation> domains = new ArrayList<>();
    for (PrefillDecodeRow row : rows) {
      boolean wanted =
          row.scope().equals("domain") && row.layer() == ALL_LAYERS && row.pearson() != null;
      if (wanted) {
        domains.add(new DomainCorrelation(row.name(), pearson(row)));
      }
    }
    domains.sort(Comparator.comparing(DomainCorrelation::name));
    return domains;
  }

  private static Measured pearson(PrefillDecodeRow row) {
    return measured(row.pearson(), row.pearsonLow(), row.pearsonHigh(), row.n());
  }

  private static Measured spearman(PrefillDecodeRow row) {
    return measured(row.spearman(), row.spearmanLow(), row.spearmanHigh(), row.n());
  }

  private static Measured measured(Double value, Double low, Double high, long n) {
    Double rounded = Figures.rounded(value);
    return rounded == null
        ? null
        : new Measured(new Estimate(rounded, Figures.rounded(low), Figures.rounded(high)), n);
  }
}
