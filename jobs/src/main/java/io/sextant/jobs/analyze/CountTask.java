package io.sextant.jobs.analyze;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import scala.Tuple2;

/**
 * Counts the rows of a partition, by day and layer. Loads and correlations are kept by day;
 * co-activation, whose tables are large, over the window.
 *
 * @param model the shape the traces have
 */
record CountTask(ModelSpec model)
    implements PairFlatMapFunction<Iterator<TraceRow>, CountKey, Counts>, Serializable {

  private static final int MILLIS_PER_HOUR = 3_600_000;
  private static final int HOURS_PER_DAY = 24;

  @Override
  public Iterator<Tuple2<CountKey, Counts>> call(Iterator<TraceRow> rows) {
    Map<CountKey, Counts> countsByKey = new HashMap<>();
    Kernel kernel = new Kernel(model);
    while (rows.hasNext()) {
      TraceRow row = rows.next();
      check(row);
      kernel.count(
          row,
          countsByKey.computeIfAbsent(
              new CountKey(row.getLayer(), row.getDay()), key -> new Counts()),
          countsByKey.computeIfAbsent(
              new CountKey(row.getLayer(), CountKey.WINDOW), key -> new Counts()));
    }
    return countsByKey.entrySet().stream()
        .map(entry -> new Tuple2<>(entry.getKey(), entry.getValue()))
        .iterator();
  }

  /** UTC hour of a moment, 0 to 23. */
  static int hour(long millis) {
    return (int) Math.floorMod(Math.floorDiv(millis, (long) MILLIS_PER_HOUR), HOURS_PER_DAY);
  }

  private void check(TraceRow row) {
    if (row.getTopK() != model.topK() || !model.moeLayers().contains(row.getLayer())) {
      throw InvalidInputException.of(
          "traces of model " + model.name(),
          "layer %d with top-%d is not of this model".formatted(row.getLayer(), row.getTopK()),
          "Check moe_layers and top_k of the model, or ingest into another warehouse");
    }
    int ids = row.getExperts().length;
    if (ids % model.topK() != 0
        || row.getPrefillTokens() < 0
        || row.getPrefillTokens() > ids / model.topK()) {
      throw InvalidInputException.of(
          "traces of day %s, source %s".formatted(row.getDay(), row.getSource()),
          "a row has %d prefill tokens and %d expert ids of top-%d"
              .formatted(row.getPrefillTokens(), ids, model.topK()),
          "Remove the source from the warehouse and ingest it again");
    }
  }

  /** The arrays of one task, used for row after row. */
  private static final class Kernel {
    private final ModelSpec model;
    private final int experts;
    private final int topK;
    private final int[][] counts;
    private final double[][] vectors;

    Kernel(ModelSpec model) {
      this.model = model;
      this.experts = model.experts();
      this.topK = model.topK();
      this.counts = new int[Phase.TRACED][experts];
      this.vectors = new double[Phase.TRACED][experts];
    }

    void count(TraceRow row, Counts ofDay, Counts ofWindow) {
      short[] ids = row.getExperts();
      Counts.Cell cell = new Counts.Cell(hour(row.getArrivalMillis()), row.getDomain());
      long[][] load = ofDay.load(cell, experts);
      long[][] pairs = ofWindow.pairs(experts);
      int prefill = row.getPrefillTokens() * topK;
      count(ids, 0, prefill, Phase.PREFILL, load, pairs);
      count(ids, prefill, ids.length, Phase.DECODE, load, pairs);
      CorrelationSums requests = ofDay.requests(row.getSource());
      requests.addTokens(row.getPrefillTokens(), (ids.length - prefill) / topK);
      if (prefill > 0 && prefill < ids.length) {
        Correlation.of(vectors[0], vectors[1]).ifPresent(requests::add);
      }
    }

    private void count(
        short[] ids, int from, int to, Phase phase, long[][] loads, long[][] pairsByPhase) {
      if (from == to) {
        return;
      }
      int[] count = counts[phase.index()];
      Arrays.fill(count, 0);
      for (int i = from; i < to; i++) {
        if (ids[i] < 0 || ids[i] >= experts) {
          throw InvalidInputException.of(
              "traces of model " + model.name(),
              "expert %d is not one of the model's %d, from 0".formatted(ids[i], experts),
              "Check experts of the model, or ingest into another warehouse");
        }
        count[ids[i]]++;
      }
      long[] load = loads[phase.index()];
      double[] vector = vectors[phase.index()];
      for (int e = 0; e < experts; e++) {
        load[e] += count[e];
        vector[e] = count[e];
      }
      long[] pairs = pairsByPhase[phase.index()];
      for (int token = from; token < to; token += topK) {
        // Each pair in the order it comes: which expert is the lower one is settled once, later.
        for (int i = token; i < token + topK - 1; i++) {
          int row = ids[i] * experts;
          for (int j = i + 1; j < token + topK; j++) {
            pairs[row + ids[j]]++;
          }
        }
      }
    }
  }
}
