package io.sextant.jobs.report;

import io.sextant.jobs.report.ReportData.Correlation;
import io.sextant.jobs.report.ReportData.Days;
import io.sextant.jobs.report.ReportData.Estimate;
import io.sextant.jobs.report.ReportData.NamedEstimate;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.table.UsageTables;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Row;

/** How well a request's prefill foretells the experts of its decode. */
final class CorrelationFigures {
  private static final int ALL_LAYERS = -1;

  private final WarehouseTables tables;
  private final LayerAxis axis;

  CorrelationFigures(WarehouseTables tables, ModelSpec model) {
    this.tables = tables;
    this.axis = new LayerAxis(model);
  }

  /** Missing, with the table's own note, where the traces have no prefill or no decode rows. */
  Section<Correlation> correlation(Days window) {
    Section<List<Row>> found =
        tables.collect(
            UsageTables.PREFILL_DECODE,
            "analyze",
            rows ->
                rows.where(
                    "from_day = '%s' and to_day = '%s' and scope in ('request', 'domain')"
                        .formatted(window.from(), window.to())));
    if (!found.available()) {
      return Section.missing(found.note());
    }
    List<Row> rows = found.value();
    List<Row> requests =
        rows.stream().filter(row -> row.<String>getAs("scope").equals("request")).toList();
    if (requests.stream().allMatch(row -> row.getAs("pearson") == null)) {
      return Section.missing(
          requests.stream()
              .map(row -> row.<String>getAs("note"))
              .filter(Objects::nonNull)
              .map(note -> note.replaceFirst("^not available: ", ""))
              .sorted()
              .findFirst()
              .orElse("no request has both prefill and decode tokens"));
    }
    List<Estimate> pearson = Figures.blanks(axis.size());
    List<Estimate> spearman = Figures.blanks(axis.size());
    Estimate overall = null;
    for (Row row : requests) {
      int layer = row.<Integer>getAs("layer");
      if (layer == ALL_LAYERS) {
        overall = estimate(row, "pearson");
      } else {
        pearson.set(axis.index(layer), estimate(row, "pearson"));
        spearman.set(axis.index(layer), estimate(row, "spearman"));
      }
    }
    return Section.of(new Correlation(pearson, spearman, overall, byDomain(rows)));
  }

  private static List<NamedEstimate> byDomain(List<Row> rows) {
    List<NamedEstimate> domains = new ArrayList<>();
    for (Row row : rows) {
      boolean wanted =
          row.<String>getAs("scope").equals("domain")
              && row.<Integer>getAs("layer") == ALL_LAYERS
              && row.getAs("pearson") != null;
      if (wanted) {
        domains.add(new NamedEstimate(row.getAs("name"), estimate(row, "pearson")));
      }
    }
    domains.sort(Comparator.comparing(NamedEstimate::name));
    return domains;
  }

  private static Estimate estimate(Row row, String measure) {
    Double value = Figures.rounded(row.getAs(measure));
    return value == null
        ? null
        : new Estimate(
            value,
            Figures.rounded(row.getAs(measure + "_low")),
            Figures.rounded(row.getAs(measure + "_high")),
            row.<Long>getAs("n"));
  }
}
