package io.sextant.jobs.analyze;

import io.sextant.jobs.analyze.count.Correlation;
import io.sextant.jobs.analyze.count.CorrelationSums;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.table.UsageTables.DailyImbalanceRow;
import io.sextant.schema.table.UsageTables.DomainSimilarityRow;
import io.sextant.schema.table.UsageTables.DriftRow;
import io.sextant.schema.table.UsageTables.ImbalanceRow;
import java.io.Serializable;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The figures of one layer: table rows if they are final, sums if they are still to be averaged
 * over layers.
 *
 * @param layer the layer's absolute id
 * @param imbalance rows of the table {@code imbalance}
 * @param dailyImbalance rows of the table {@code daily_imbalance}
 * @param domainSimilarity rows of the table {@code domain_similarity}
 * @param drift rows of the table {@code drift}
 * @param bySource correlations of single requests, by source
 * @param batches correlations in which the requests of the same day and hour are added up
 * @param byDomain one correlation per domain
 */
record LayerFigures(
    int layer,
    List<ImbalanceRow> imbalance,
    List<DailyImbalanceRow> dailyImbalance,
    List<DomainSimilarityRow> domainSimilarity,
    List<DriftRow> drift,
    NavigableMap<String, CorrelationSums> bySource,
    CorrelationSums batches,
    NavigableMap<String, CorrelationSums> byDomain)
    implements Serializable {
  /** The name of the total over all domains, requests or batches. */
  static final String ALL = "all";

  /** Names that could be taken for the total's. */
  private static final Pattern LIKE_ALL = Pattern.compile("(\"*)" + ALL + "\\1");

  /**
   * @param layer the layer's absolute id
   * @param loads the layer's loads over the window
   */
  static LayerFigures of(ModelSpec model, Window window, int layer, LayerLoads loads) {
    CorrelationSums batches = new CorrelationSums();
    loads.byBatch().values().forEach(load -> addCorrelation(batches, load));
    NavigableMap<String, CorrelationSums> byDomain = new TreeMap<>();
    loads
        .byDomain()
        .forEach(
            (domain, load) ->
                addCorrelation(
                    byDomain.computeIfAbsent(domain, absent -> new CorrelationSums()), load));
    LayerRows rows = new LayerRows(model, window, layer, loads);
    return new LayerFigures(
        layer,
        rows.imbalance(),
        rows.dailyImbalance(),
        rows.domainSimilarity(),
        rows.drift(),
        loads.requests(),
        batches,
        byDomain);
  }

  /**
   * A domain's name in a column that also has the total: in quotes if it is the total's name. A
   * name that is the total's in quotes gets another pair, so that different domains stay different.
   */
  static String domain(String name) {
    return LIKE_ALL.matcher(name).matches() ? '"' + name + '"' : name;
  }

  private static void addCorrelation(CorrelationSums sums, long[][] load) {
    sums.addTokens(LayerLoads.sum(load[0]), LayerLoads.sum(load[1]));
    Correlation.of(load[0], load[1]).ifPresent(sums::add);
  }
}
