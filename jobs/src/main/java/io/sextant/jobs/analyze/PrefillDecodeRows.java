package io.sextant.jobs.analyze;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** The rows of {@code prefill_decode}: each layer's, then those over all layers. */
final class PrefillDecodeRows {
  static final int ALL_LAYERS = -1;

  private final Window window;
  private final int experts;
  private final List<Row> rows = new ArrayList<>();

  private PrefillDecodeRows(Window window, int experts) {
    this.window = window;
    this.experts = experts;
  }

  static List<Row> of(Window window, int experts, List<LayerFigures> layers) {
    PrefillDecodeRows table = new PrefillDecodeRows(window, experts);
    CorrelationSums allBatches = new CorrelationSums();
    NavigableMap<String, CorrelationSums> allBySource = new TreeMap<>();
    NavigableMap<String, CorrelationSums> allByDomain = new TreeMap<>();
    for (LayerFigures layer : layers) {
      table.addRequests(layer.layer(), layer.bySource());
      table.addMean(layer.layer(), "batch", LayerFigures.ALL, layer.batches());
      layer.byDomain().forEach((domain, sums) -> table.addSingle(layer.layer(), domain, sums));
      allBatches.plus(layer.batches());
      addAll(allBySource, layer.bySource());
      addAll(allByDomain, layer.byDomain());
    }
    table.addRequests(ALL_LAYERS, allBySource);
    table.addMean(ALL_LAYERS, "batch", LayerFigures.ALL, allBatches);
    allByDomain.forEach((domain, sums) -> table.addMean(ALL_LAYERS, "domain", domain, sums));
    return table.rows;
  }

  /** Correlations of single requests over one layer, or over all layers. */
  static CorrelationSums requests(Map<String, CorrelationSums> bySource) {
    CorrelationSums all = new CorrelationSums();
    bySource.values().forEach(all::plus);
    return all;
  }

  private static void addAll(
      NavigableMap<String, CorrelationSums> sums, NavigableMap<String, CorrelationSums> added) {
    added.forEach(
        (name, more) -> sums.computeIfAbsent(name, absent -> new CorrelationSums()).plus(more));
  }

  private void addRequests(int layer, NavigableMap<String, CorrelationSums> bySource) {
    addMean(layer, "request", LayerFigures.ALL, requests(bySource));
    bySource.forEach((source, sums) -> addMean(layer, "source", source, sums));
  }

  private void addMean(int layer, String scope, String name, CorrelationSums sums) {
    add(layer, scope, name, sums.pearson(), sums.spearman(), sums.n(), sums.note());
  }

  /** One correlation over the experts, so its interval is Fisher's. */
  private void addSingle(int layer, String domain, CorrelationSums sums) {
    boolean none = sums.n() == 0;
    add(
        layer,
        "domain",
        domain,
        none ? Estimate.NONE : Estimate.ofPearson(sums.pearson().value(), experts),
        none ? Estimate.NONE : Estimate.ofSpearman(sums.spearman().value(), experts),
        none ? 0 : experts,
        sums.note());
  }

  private void add(
      int layer,
      String scope,
      String name,
      Estimate pearson,
      Estimate spearman,
      long n,
      String note) {
    rows.add(
        RowFactory.create(
            window.from(),
            window.to(),
            layer,
            scope,
            name,
            pearson.value(),
            pearson.low(),
            pearson.high(),
            spearman.value(),
            spearman.low(),
            spearman.high(),
            n,
            note,
            window.runId(),
            window.model(),
            window.to()));
  }
}
