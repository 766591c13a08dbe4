package io.sextant.jobs.report;

import io.sextant.jobs.report.ReportData.Days;
import io.sextant.jobs.report.ReportData.DomainLoad;
import io.sextant.jobs.report.ReportData.Imbalance;
import io.sextant.jobs.report.ReportData.Load;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.table.UsageTables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** How many tokens each expert is sent, and how uneven that is. */
final class LoadFigures {
  private static final String WRITTEN_BY = "analyze";

  /** A heat map with more rows than this cannot be read; the busiest are kept. */
  private static final int MOST_DOMAINS = 16;

  private final WarehouseTables tables;
  private final ModelSpec model;
  private final LayerAxis axis;

  LoadFigures(WarehouseTables tables, ModelSpec model) {
    this.tables = tables;
    this.model = model;
    this.axis = new LayerAxis(model);
  }

  /** The days of the last analysis: the widest window that ends on its last day. */
  Section<Days> window() {
    Section<Days> analysed =
        tables
            .collect(
                UsageTables.IMBALANCE,
                WRITTEN_BY,
                rows ->
                    rows.groupBy("to_day")
                        .agg(functions.min("from_day"))
                        .orderBy(functions.col("to_day").desc())
                        .limit(1))
            .map(rows -> new Days(rows.get(0).getString(1), rows.get(0).getString(0)));
    return analysed.available()
        ? analysed
        : tables
            .collect(
                UsageTables.EXPERT_LOAD,
                WRITTEN_BY,
                rows -> rows.groupBy().agg(functions.min("day"), functions.max("day")).na().drop())
            .map(rows -> new Days(rows.get(0).getString(0), rows.get(0).getString(1)));
  }

  /** Tokens by layer and expert over the window. */
  Section<Load> load(Days window) {
    return tables
        .collect(
            UsageTables.EXPERT_LOAD,
            WRITTEN_BY,
            rows ->
                rows.where("day between '%s' and '%s'".formatted(window.from(), window.to()))
                    .groupBy("phase", "layer", "expert", "domain")
                    .sum("tokens"))
        .map(this::load);
  }

  private Load load(List<Row> rows) {
    long[][] prefill = blank();
    long[][] decode = blank();
    Map<String, long[][]> domains = new TreeMap<>();
    for (Row row : rows) {
      long[][] phase = row.getString(0).equals("prefill") ? prefill : decode;
      int layer = axis.index(row.getInt(1));
      int expert = row.getInt(2);
      if (expert < 0 || expert >= model.experts()) {
        throw InvalidInputException.of(
            "model " + model.name(),
            "the table expert_load has expert %d, the model has %d"
                .formatted(expert, model.experts()),
            "Check experts of the model, then run ingest and analyze again");
      }
      phase[layer][expert] += row.getLong(4);
      domains.computeIfAbsent(row.getString(3), domain -> blank())[layer][expert] += row.getLong(4);
    }
    List<DomainLoad> byDomain = new ArrayList<>();
    domains.forEach(
        (name, tokens) -> byDomain.add(new DomainLoad(name, sum(tokens), percent(tokens))));
    byDomain.sort(
        Comparator.comparingLong(DomainLoad::tokens).reversed().thenComparing(DomainLoad::name));
    return new Load(
        orNull(prefill),
        orNull(decode),
        List.copyOf(byDomain.subList(0, Math.min(MOST_DOMAINS, byDomain.size()))),
        byDomain.size());
  }

  private long[][] blank() {
    return new long[axis.size()][model.experts()];
  }

  /** Of the mean of its layer; a layer without tokens is 0. */
  private static int[][] percent(long[][] tokens) {
    int[][] percent = new int[tokens.length][];
    for (int l = 0; l < tokens.length; l++) {
      long ofLayer = Math.max(1, Arrays.stream(tokens[l]).sum());
      int experts = tokens[l].length;
      percent[l] =
          Arrays.stream(tokens[l])
              .mapToInt(one -> (int) Math.round(100.0 * one * experts / ofLayer))
              .toArray();
    }
    return percent;
  }

  private static long sum(long[][] tokens) {
    return Arrays.stream(tokens).flatMapToLong(Arrays::stream).sum();
  }

  private static long[][] orNull(long[][] tokens) {
    return sum(tokens) == 0 ? null : tokens;
  }

  /** Largest expert load over the mean, by layer and phase. */
  Section<Imbalance> imbalance(Days window) {
    return tables
        .collect(
            UsageTables.IMBALANCE,
            WRITTEN_BY,
            rows ->
                rows.where(
                        "from_day = '%s' and to_day = '%s' and domain = 'all' and ep_size = %d"
                            .formatted(window.from(), window.to(), model.experts()))
                    .select("layer", "phase", "max_over_mean", "tokens"))
        .map(this::imbalance);
  }

  private Imbalance imbalance(List<Row> rows) {
    List<Double> all = Figures.blanks(axis.size());
    List<Double> prefill = Figures.blanks(axis.size());
    List<Double> decode = Figures.blanks(axis.size());
    for (Row row : rows) {
      if (row.isNullAt(2) || row.getLong(3) == 0) {
        continue;
      }
      List<Double> phase =
          switch (row.getString(1)) {
            case "prefill" -> prefill;
            case "decode" -> decode;
            default -> all;
          };
      phase.set(axis.index(row.getInt(0)), Figures.rounded(row.getDouble(2)));
    }
    return new Imbalance(all, prefill, decode);
  }
}
