package io.sextant.jobs.analyze.count;

import io.sextant.jobs.table.TableSplit;
import io.sextant.jobs.table.TraceRows;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import scala.Tuple2;

/**
 * Counts the rows of a task's files by day and layer, directly from their arrays. Loads and
 * correlations are counted per day; co-activation is counted over the whole window, because its
 * tables are large.
 *
 * @param model the shape of the traces
 */
public record CountTask(ModelSpec model)
    implements PairFlatMapFunction<List<TableSplit>, CountKey, Counts>, Serializable {

  private static final int MILLIS_PER_HOUR = 3_600_000;
  private static final int HOURS_PER_DAY = 24;

  @Override
  public Iterator<Tuple2<CountKey, Counts>> call(List<TableSplit> splits) throws IOException {
    Map<CountKey, Counts> countsByKey = new HashMap<>();
    Kernel kernel = new Kernel(model);
    for (TableSplit split : splits) {
      try (TraceRows rows = new TraceRows(split)) {
        while (rows.next()) {
          check(rows);
          kernel.count(
              rows,
              countsByKey.computeIfAbsent(
                  new CountKey(rows.layer(), rows.day()), key -> new Counts()),
              countsByKey.computeIfAbsent(
                  new CountKey(rows.layer(), CountKey.WINDOW), key -> new Counts()));
        }
      }
    }
    return countsByKey.entrySet().stream()
        .map(entry -> new Tuple2<>(entry.getKey(), entry.getValue()))
        .iterator();
  }

  /** UTC hour of an arrival, 0 to 23. */
  static int hour(long millis) {
    return (int) Math.floorMod(Math.floorDiv(millis, (long) MILLIS_PER_HOUR), HOURS_PER_DAY);
  }

  private void check(TraceRows row) {
    if (row.topK() != model.topK() || !model.moeLayers().contains(row.layer())) {
      throw InvalidInputException.of(
          "traces of model " + model.name(),
          "layer %d with top-%d does not belong to this model".formatted(row.layer(), row.topK()),
          "Check moe_layers and top_k of the model, or ingest into another warehouse");
    }
    int ids = row.to() - row.from();
    if (ids % model.topK() != 0
        || row.prefillTokens() < 0
        || row.decodeTokens() < 0
        || row.prefillTokens() > ids / model.topK() - row.decodeTokens()) {
      throw InvalidInputException.of(
          "traces of day %s, source %s".formatted(row.day(), row.source()),
          "a row has %d prefill tokens, %d decode tokens and %d expert ids of top-%d"
              .formatted(row.prefillTokens(), row.decodeTokens(), ids, model.topK()),
          "Remove the source from the warehouse and ingest it again");
    }
  }

  /** The arrays of one task, reused for every row. */
  private static final class Kernel {
    private final ModelSpec model;
    private final int experts;
    private final int topK;
    private final int[][] counts;
    private final CountCorrelation correlation;

    Kernel(ModelSpec model) {
      this.model = model;
      this.experts = model.experts();
      this.topK = model.topK();
      this.counts = new int[Phase.TRACED][experts];
      this.correlation = new CountCorrelation(experts);
    }

    void count(TraceRows row, Counts ofDay, Counts ofWindow) {
      short[] ids = row.ids();
      Counts.Cell cell = new Counts.Cell(hour(row.arrivalMillis()), row.domain());
      long[][] load = ofDay.load(cell, experts);
      long[][] pairs = ofWindow.pairs(experts);
      int decode = row.from() + row.prefillTokens() * topK;
      count(ids, row.from(), decode, Phase.PREFILL, load, pairs);
      int unknown = decode + row.decodeTokens() * topK;
      count(ids, decode, unknown, Phase.DECODE, load, pairs);
      count(ids, unknown, row.to(), Phase.UNKNOWN, load, pairs);
      CorrelationSums requests = ofDay.requests(row.source());
      requests.addTokens(row.prefillTokens(), row.decodeTokens());
      if (row.from() < decode && decode < unknown) {
        correlation.of(counts[0], counts[1]).ifPresent(requests::add);
      }
    }

    private void count(
        short[] ids, int from, int to, Phase phase, long[][] loads, long[][] pairsByPhase) {
      if (from == to) {
        return;
      }
      countLoad(ids, from, to, counts[phase.index()]);
      add(counts[phase.index()], loads[phase.index()]);
      countPairs(ids, from, to, topK, experts, pairsByPhase[phase.index()]);
    }

    private void countLoad(short[] ids, int from, int to, int[] count) {
      Arrays.fill(count, 0);
      for (int i = from; i < to; i++) {
        int expert = ids[i];
        if (expert < 0 || expert >= count.length) {
          throw InvalidInputException.of(
              "traces of model " + model.name(),
              "expert %d is not from 0 to %d, the model's experts".formatted(expert, experts - 1),
              "Check experts of the model, or ingest into another warehouse");
        }
        count[expert]++;
      }
    }

    private static void add(int[] counts, long[] sums) {
      for (int e = 0; e < counts.length; e++) {
        sums[e] += counts[e];
      }
    }

    /**
     * Counts each pair in the order of the row; which expert is the lower one is decided once,
     * later.
     */
    private static void countPairs(
        short[] ids, int from, int to, int topK, int experts, long[] pairs) {
      for (int token = from; token < to; token += topK) {
        int end = token + topK;
        for (int i = token; i < end - 1; i++) {
          int row = ids[i] * experts;
          for (int j = i + 1; j < end; j++) {
            pairs[row + ids[j]]++;
          }
        }
      }
    }
  }
}
