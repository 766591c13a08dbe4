package io.sextant.jobs.analyze;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Rows that compare two loads. Where one of them is empty the figures are null. */
final class SimilarityRows {

  private SimilarityRows() {}

  /** Rows of {@code domain_similarity}: every two domains, over the window. */
  static List<Row> ofDomains(Scope scope, LayerTally tally) {
    List<Row> rows = new ArrayList<>();
    forPairs(
        tally.loadsBy(Cell::domain),
        (phase, a, b, similarity) ->
            rows.add(
                RowFactory.create(
                    scope.from(),
                    scope.to(),
                    tally.layer(),
                    phase.label(),
                    a,
                    b,
                    similarity == null ? null : similarity.cosine(),
                    similarity == null ? null : similarity.jensenShannon(),
                    scope.runId(),
                    scope.model(),
                    scope.to())));
    return rows;
  }

  /** Rows of {@code drift}: every two days, in the partition of the later one. */
  static List<Row> ofDays(Scope scope, LayerTally tally) {
    List<Row> rows = new ArrayList<>();
    forPairs(
        tally.loadsBy(Cell::day),
        (phase, a, b, similarity) ->
            rows.add(
                RowFactory.create(
                    tally.layer(),
                    phase.label(),
                    a,
                    b,
                    similarity == null ? null : similarity.cosine(),
                    similarity == null ? null : similarity.jensenShannon(),
                    similarity == null ? null : similarity.totalVariation(),
                    scope.runId(),
                    scope.model(),
                    b)));
    return rows;
  }

  private interface Pair {
    void accept(Phase phase, String a, String b, Similarity similarity);
  }

  private static void forPairs(SortedMap<String, PhaseLoads> loads, Pair pair) {
    List<String> names = List.copyOf(loads.keySet());
    for (Phase phase : Phase.values()) {
      for (int a = 0; a < names.size(); a++) {
        long[] first = loads.get(names.get(a)).of(phase);
        for (int b = a + 1; b < names.size(); b++) {
          long[] second = loads.get(names.get(b)).of(phase);
          pair.accept(phase, names.get(a), names.get(b), Similarity.of(first, second));
        }
      }
    }
  }
}
