package io.sextant.jobs.analyze;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Rows of {@code prefill_decode}. A figure is the mean over what is compared (requests or batches)
 * with the interval of that mean; a domain has one correlation over its experts in each layer, with
 * Fisher's interval. Over all layers it is the mean of every layer's correlations.
 */
final class CorrelationRows {
  /** Stands for all layers. */
  static final int ALL_LAYERS = -1;

  private CorrelationRows() {}

  /**
   * @param layers in order
   */
  static List<Row> of(Scope scope, List<LayerCorrelations> layers) {
    TreeMap<Comparison, CorrelationSums> overall = new TreeMap<>();
    List<Row> rows = new ArrayList<>();
    for (LayerCorrelations layer : layers) {
      layer
          .sums()
          .forEach(
              (comparison, sums) ->
                  overall.computeIfAbsent(comparison, any -> new CorrelationSums()).add(sums));
    }
    overall.forEach((comparison, sums) -> rows.add(ofMean(scope, ALL_LAYERS, comparison, sums)));
    for (LayerCorrelations layer : layers) {
      layer
          .sums()
          .forEach(
              (comparison, sums) ->
                  rows.add(
                      comparison.kind() == Comparison.Kind.DOMAIN
                          ? ofExperts(scope, layer, comparison, sums)
                          : ofMean(scope, layer.layer(), comparison, sums)));
    }
    return rows;
  }

  private static Row ofMean(Scope scope, int layer, Comparison comparison, CorrelationSums sums) {
    return row(
        scope, layer, comparison, sums, sums.pearsonInterval(), sums.spearmanInterval(), sums.n());
  }

  private static Row ofExperts(
      Scope scope, LayerCorrelations layer, Comparison comparison, CorrelationSums sums) {
    Correlation correlation = sums.mean();
    int experts = layer.experts();
    return correlation == null
        ? row(scope, layer.layer(), comparison, sums, null, null, 0)
        : row(
            scope,
            layer.layer(),
            comparison,
            sums,
            Interval.ofPearson(correlation.pearson(), experts),
            Interval.ofSpearman(correlation.spearman(), experts),
            experts);
  }

  private static Row row(
      Scope scope,
      int layer,
      Comparison comparison,
      CorrelationSums sums,
      Interval pearson,
      Interval spearman,
      long n) {
    Correlation mean = sums.mean();
    return RowFactory.create(
        scope.from(),
        scope.to(),
        layer,
        comparison.label(),
        comparison.name(),
        mean == null ? null : mean.pearson(),
        pearson == null ? null : pearson.low(),
        pearson == null ? null : pearson.high(),
        mean == null ? null : mean.spearman(),
        spearman == null ? null : spearman.low(),
        spearman == null ? null : spearman.high(),
        n,
        sums.note(),
        scope.runId(),
        scope.model(),
        scope.to());
  }
}
