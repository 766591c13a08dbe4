package io.sextant.jobs.analyze;

import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.table.TableDefinition;
import io.sextant.schema.table.Tables;
import java.util.List;
import java.util.Locale;

/**
 * What an analysis found, for a person.
 *
 * @param scope what was covered
 * @param model whose traces they are
 * @param warehouse folder of the tables
 * @param coverage of the first layer; all layers cover the same
 * @param figures of every layer, in order
 */
record AnalyzeSummary(
    Scope scope, ModelSpec model, String warehouse, Coverage coverage, List<LayerFigures> figures) {
  private static final List<TableDefinition> WRITTEN =
      List.of(
          Tables.EXPERT_LOAD,
          Tables.IMBALANCE,
          Tables.PREFILL_DECODE,
          Tables.DOMAIN_SIMILARITY,
          Tables.COACTIVATION,
          Tables.DRIFT);

  String text() {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "%s, %s to %s: %,d requests, %,d tokens, %,d expert ids",
        scope.model(),
        scope.from(),
        scope.to(),
        coverage.requests(),
        coverage.tokens(),
        coverage.tokens() * model.topK() * model.moeLayers().size());
    line(
        text,
        "%5s  %8s  %-26s  %-26s",
        "layer",
        "max/mean",
        "prefill/decode Pearson",
        "Spearman, per request");
    CorrelationSums overall = new CorrelationSums();
    for (LayerFigures layer : figures) {
      CorrelationSums requests = layer.correlations().sums().get(Comparison.REQUESTS);
      overall.add(requests);
      line(text, "%5d  %8.2f  %s", layer.layer(), layer.maxOverMean(), correlations(requests));
    }
    line(text, "%5s  %8s  %s", "all", "", correlations(overall));
    for (TableDefinition table : WRITTEN) {
      line(text, "table  %s/%s", warehouse, table.name());
    }
    return text.toString();
  }

  private static String correlations(CorrelationSums sums) {
    Correlation mean = sums.mean();
    return mean == null
        ? sums.note()
        : "%-26s  %s"
            .formatted(
                estimate(mean.pearson(), sums.pearsonInterval()),
                estimate(mean.spearman(), sums.spearmanInterval()));
  }

  private static String estimate(double value, Interval interval) {
    return interval == null
        ? String.format(Locale.ROOT, "%.3f", value)
        : String.format(Locale.ROOT, "%.3f (%.3f to %.3f)", value, interval.low(), interval.high());
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values).stripTrailing())
        .append(System.lineSeparator());
  }
}
