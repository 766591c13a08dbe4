package io.sextant.jobs.analyze;

import io.sextant.jobs.analyze.count.CorrelationSums;
import io.sextant.schema.stats.Estimate;
import io.sextant.schema.table.UsageTables.PrefillDecodeRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Makes the rows of {@code prefill_decode}: those of each layer, then those over all layers. */
final class PrefillDecodeRows {
  static final int ALL_LAYERS = -1;

  /**
   * The estimates for one layer.
   *
   * @param n number of pairs that the estimates are based on
   * @param note the reason if there is no estimate, else null
   */
  private record Correlated(Estimate pearson, Estimate spearman, long n, String note) {}

  private final Window window;
  private final int experts;
  private final List<PrefillDecodeRow> rows = new ArrayList<>();

  private PrefillDecodeRows(Window window, int experts) {
    this.window = window;
    this.experts = experts;
  }

  static List<PrefillDecodeRow> of(Window window, int experts, List<LayerFigures> layers) {
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

  /** The correlations of single requests in one layer or in all layers. */
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
    add(layer, scope, name, new Correlated(sums.pearson(), sums.spearman(), sums.n(), sums.note()));
  }

  /** A single correlation over the experts, so its interval comes from Fisher's transformation. */
  private void addSingle(int layer, String domain, CorrelationSums sums) {
    add(
        layer,
        "domain",
        domain,
        sums.n() == 0
            ? new Correlated(Estimate.NONE, Estimate.NONE, 0, sums.note())
            : new Correlated(
                Estimate.ofPearson(sums.pearson().value(), experts),
                Estimate.ofSpearman(sums.spearman().value(), experts),
                experts,
                sums.note()));
  }

  private void add(int layer, String scope, String name, Correlated correlated) {
    rows.add(
        new PrefillDecodeRow(
            window.from(),
            window.to(),
            layer,
            scope,
            name,
            correlated.pearson().value(),
            correlated.pearson().low(),
            correlated.pearson().high(),
            correlated.spearman().value(),
            correlated.spearman().low(),
            correlated.spearman().high(),
            correlated.n(),
            correlated.note(),
            window.runId(),
            window.model(),
            window.to()));
  }
}
