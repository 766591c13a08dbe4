package io.sextant.jobs.report.figures;

import io.sextant.jobs.report.data.ReportData.Days;
import io.sextant.jobs.report.data.RoutingData.DomainLoad;
import io.sextant.jobs.report.data.RoutingData.Imbalance;
import io.sextant.jobs.report.data.RoutingData.Load;
import io.sextant.jobs.report.data.Section;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.table.UsageTables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.functions;

/** The tokens of each expert, and the imbalance of these loads. */
public final class LoadFigures {
  private static final String WRITTEN_BY = "analyze";

  /** A heat map with more rows is not readable; the busiest domains are kept. */
  private static final int MOST_DOMAINS = 16;

  /** Tokens of an expert over the window. */
  private record ExpertTokens(String phase, int layer, int expert, String domain, long tokens) {}

  /** The imbalance of single experts in a layer. */
  private record LayerImbalance(int layer, String phase, Double maxOverMean, long tokens) {}

  private final WarehouseTables tables;
  private final ModelSpec model;
  private final LayerAxis axis;

  public LoadFigures(WarehouseTables tables, ModelSpec model) {
    this.tables = tables;
    this.model = model;
    this.axis = new LayerAxis(model);
  }

  /** The days of the last analysis: the widest window that ends on its last day. */
  public Section<Days> window() {
    Section<Days> analysed =
        tables
            .collect(
                UsageTables.IMBALANCE,
                WRITTEN_BY,
                Days.class,
                rows ->
                    rows.groupBy(functions.col("to_day").as("to"))
                        .agg(functions.min("from_day").as("from"))
                        .orderBy(functions.col("to").desc())
                        .limit(1))
            .map(rows -> rows.get(0));
    return analysed.available()
        ? analysed
        : tables
            .collect(
                UsageTables.EXPERT_LOAD,
                WRITTEN_BY,
                Days.class,
                rows ->
                    rows.groupBy()
                        .agg(functions.min("day").as("from"), functions.max("day").as("to"))
                        .na()
                        .drop())
            .map(rows -> rows.get(0));
  }

  /** Tokens by layer and expert over the window. */
  public Section<Load> load(Days window) {
    return tables
        .collect(
            UsageTables.EXPERT_LOAD,
            WRITTEN_BY,
            ExpertTokens.class,
            rows ->
                rows.where("day between '%s' and '%s'".formatted(window.from(), window.to()))
                    .groupBy("phase", "layer", "expert", "domain")
                    .agg(functions.sum("tokens").as("tokens")))
        .map(this::load);
  }

  private Load load(List<ExpertTokens> rows) {
    long[][] prefill = blank();
    long[][] decode = blank();
    long[][] unphased = blank();
    Map<String, long[][]> domains = new TreeMap<>();
    for (ExpertTokens row : rows) {
      long[][] phase =
          switch (row.phase()) {
            case "prefill" -> prefill;
            case "decode" -> decode;
            default -> unphased;
          };
      int layer = axis.index(row.layer());
      int expert = row.expert();
      if (expert < 0 || expert >= model.experts()) {
        throw InvalidInputException.of(
            "model " + model.name(),
            "the table expert_load has expert %d, the model has %d"
                .formatted(expert, model.experts()),
            "Check experts of the model, then run ingest and analyze again");
      }
      phase[layer][expert] += row.tokens();
      domains.computeIfAbsent(row.domain(), domain -> blank())[layer][expert] += row.tokens();
    }
    List<DomainLoad> byDomain = new ArrayList<>();
    domains.forEach(
        (name, tokens) -> byDomain.add(new DomainLoad(name, sum(tokens), percent(tokens))));
    byDomain.sort(
        Comparator.comparingLong(DomainLoad::tokens).reversed().thenComparing(DomainLoad::name));
    return new Load(
        orNull(prefill),
        orNull(decode),
        orNull(unphased),
        List.copyOf(byDomain.subList(0, Math.min(MOST_DOMAINS, byDomain.size()))),
        byDomain.size());
  }

  private long[][] blank() {
    return new long[axis.size()][model.experts()];
  }

  /** Loads in per cent of the mean of their layer; 0 in a layer without tokens. */
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
  public Section<Imbalance> imbalance(Days window) {
    return tables
        .collect(
            UsageTables.IMBALANCE,
            WRITTEN_BY,
            LayerImbalance.class,
            rows ->
                rows.where(
                    "from_day = '%s' and to_day = '%s' and domain = 'all' and ep_size = %d"
                        .formatted(window.from(), window.to(), model.experts())))
        .map(this::imbalance);
  }

  private Imbalance imbalance(List<LayerImbalance> rows) {
    List<Double> all = Figures.blanks(axis.size());
    List<Double> prefill = Figures.blanks(axis.size());
    List<Double> decode = Figures.blanks(axis.size());
    for (LayerImbalance row : rows) {
      if (row.maxOverMean() == null || row.tokens() == 0) {
        continue;
      }
      List<Double> phase =
          switch (row.phase()) {
            case "prefill" -> prefill;
            case "decode" -> decode;
            case "all" -> all;
            // Rows of a phase that is not known are part of those of all phases.
            default -> null;
          };
      if (phase == null) {
        continue;
      }
      phase.set(axis.index(row.layer()), Figures.rounded(row.maxOverMean()));
    }
    return new Imbalance(all, prefill, decode);
  }
}
