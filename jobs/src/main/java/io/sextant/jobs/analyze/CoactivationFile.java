package io.sextant.jobs.analyze;

import io.sextant.schema.spec.ModelSpec;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** The rows of {@code coactivation} of one layer: pairs of experts that a token chose together. */
final class CoactivationRows {

  private CoactivationRows() {}

  /**
   * @param pairs shape [2][experts x experts], each pair of a token at [first x experts + second]
   *     in the order the token had them; a model with top-1 has no pairs
   */
  static List<Row> of(ModelSpec model, Window window, int layer, long[][] pairs) {
    List<Row> rows = new ArrayList<>();
    if (model.topK() == 1) {
      return rows;
    }
    for (Phase phase : List.of(Phase.PREFILL, Phase.DECODE, Phase.ALL)) {
      add(rows, model, window, layer, phase, phase.of(pairs));
    }
    return rows;
  }

  private static void add(
      List<Row> rows, ModelSpec model, Window window, int layer, Phase phase, long[] pairs) {
    int experts = model.experts();
    // A token that chose an expert is in topK - 1 of its pairs.
    long[] tokensByExpert = new long[experts];
    long sum = 0;
    for (int a = 0; a < experts; a++) {
      for (int b = 0; b < experts; b++) {
        long count = pairs[a * experts + b];
        tokensByExpert[a] += count;
        tokensByExpert[b] += count;
        sum += count;
      }
    }
    int others = model.topK() - 1;
    for (int e = 0; e < experts; e++) {
      tokensByExpert[e] /= others;
    }
    double tokens = sum / (model.topK() * others / 2.0);
    for (int a = 0; a < experts; a++) {
      for (int b = a + 1; b < experts; b++) {
        long count = pairs[a * experts + b] + pairs[b * experts + a];
        if (count > 0) {
          double alone = (double) tokensByExpert[a] * tokensByExpert[b];
          rows.add(
              RowFactory.create(
                  window.from(),
                  window.to(),
                  layer,
                  phase.label(),
                  a,
                  b,
                  count,
                  count * tokens / alone,
                  window.runId(),
                  window.model(),
                  window.to()));
        }
      }
    }
  }
}
