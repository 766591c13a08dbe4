package io.sextant.jobs.analyze;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * A layer's small tables, as they go to the driver.
 *
 * @param imbalance rows of {@code imbalance}
 * @param domainSimilarity rows of {@code domain_similarity}
 * @param drift rows of {@code drift}
 * @param correlations of prefill with decode
 * @param maxOverMean largest load of an expert over the mean, both phases, the whole window
 */
record LayerFigures(
    ArrayList<Row> imbalance,
    ArrayList<Row> domainSimilarity,
    ArrayList<Row> drift,
    LayerCorrelations correlations,
    double maxOverMean)
    implements Serializable {

  static LayerFigures of(Scope scope, LayerTally tally) {
    return new LayerFigures(
        list(ImbalanceRows.of(scope, tally)),
        list(SimilarityRows.ofDomains(scope, tally)),
        list(SimilarityRows.ofDays(scope, tally)),
        LayerCorrelations.of(tally),
        ImbalanceFigures.of(tally.loads().of(Phase.ALL)).maxOverMean());
  }

  private static ArrayList<Row> list(List<Row> rows) {
    return new ArrayList<>(rows);
  }

  int layer() {
    return correlations.layer();
  }
}
