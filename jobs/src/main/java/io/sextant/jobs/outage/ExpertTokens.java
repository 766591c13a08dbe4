package io.sextant.jobs.outage;

import io.sextant.jobs.window.RoutingRow;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.schema.spec.ModelSpec;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

/**
 * Counts the tokens of every expert in a part of a window.
 *
 * @param layers absolute ids of the MoE layers
 */
record ExpertTokens(List<Integer> layers, int experts)
    implements MapPartitionsFunction<RoutingRow, long[][]> {

  /**
   * Tokens of every expert in a window.
   *
   * @return shape [layers][experts]
   */
  static double[][] of(SparkSession spark, TraceWindow window, ModelSpec model) {
    ExpertTokens counting = new ExpertTokens(List.copyOf(model.moeLayers()), model.experts());
    List<long[][]> parts =
        window
            .rows(spark)
            .mapPartitions(counting, Encoders.javaSerialization(long[][].class))
            .collectAsList();
    double[][] tokens = new double[model.moeLayers().size()][model.experts()];
    for (long[][] part : parts) {
      for (int l = 0; l < tokens.length; l++) {
        for (int e = 0; e < tokens[l].length; e++) {
          tokens[l][e] += part[l][e];
        }
      }
    }
    return tokens;
  }

  @Override
  public Iterator<long[][]> call(Iterator<RoutingRow> rows) {
    long[][] tokens = new long[layers.size()][experts];
    while (rows.hasNext()) {
      RoutingRow row = rows.next();
      long[] of = tokens[layers.indexOf(row.getLayer())];
      for (short expert : row.getExperts()) {
        of[expert]++;
      }
    }
    return Collections.singletonList(tokens).iterator();
  }
}
