package io.sextant.jobs.analyze;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Everything that is counted of one layer. Partial tallies of any cut of the traces add up to the
 * same whole: all sums are of integers.
 */
final class LayerTally implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long MILLIS_PER_HOUR = 3_600_000;
  private static final int HOURS_PER_DAY = 24;

  private final int layer;
  private final int experts;
  private final int topK;
  private final Map<Cell, PhaseLoads> cells = new HashMap<>();
  private final PairCounts prefillPairs;
  private final PairCounts decodePairs;
  private final Map<String, CorrelationSums> sources = new HashMap<>();
  private long requests;
  private long tokens;

  private final double[] prefill;
  private final double[] decode;

  LayerTally(int layer, ModelSpec model) {
    this.layer = layer;
    this.experts = model.experts();
    this.topK = model.topK();
    this.prefillPairs = new PairCounts(experts);
    this.decodePairs = new PairCounts(experts);
    this.prefill = new double[experts];
    this.decode = new double[experts];
  }

  /**
   * @throws InvalidInputException where the row is not of this model's shape
   */
  void add(TracedRow row) {
    short[] ids = row.getExperts();
    int split = row.getPrefillTokens() * topK;
    if (ids.length != split + row.getDecodeTokens() * topK) {
      throw otherModel(
          row,
          "%d + %d tokens have %d expert ids, not %d each"
              .formatted(row.getPrefillTokens(), row.getDecodeTokens(), ids.length, topK));
    }
    Arrays.fill(prefill, 0);
    Arrays.fill(decode, 0);
    count(row, ids, 0, split, prefill);
    count(row, ids, split, ids.length, decode);
    int hour = Math.floorMod(Math.floorDiv(row.getArrivalMillis(), MILLIS_PER_HOUR), HOURS_PER_DAY);
    cells
        .computeIfAbsent(
            new Cell(row.getDay(), hour, row.getDomain()), cell -> new PhaseLoads(experts))
        .add(prefill, decode);
    prefillPairs.add(ids, 0, split, topK);
    decodePairs.add(ids, split, ids.length, topK);
    sources.computeIfAbsent(row.getSource(), source -> new CorrelationSums()).add(prefill, decode);
    requests++;
    tokens += ids.length / topK;
  }

  private void count(TracedRow row, short[] ids, int from, int to, double[] counts) {
    for (int i = from; i < to; i++) {
      int expert = ids[i];
      if (expert < 0 || expert >= experts) {
        throw otherModel(row, "expert %d is outside 0 to %d".formatted(expert, experts - 1));
      }
      counts[expert]++;
    }
  }

  private static InvalidInputException otherModel(TracedRow row, String problem) {
    return InvalidInputException.of(
        "traces of day %s, source %s, request %d, layer %d"
            .formatted(row.getDay(), row.getSource(), row.getRequestId(), row.getLayer()),
        problem,
        "Check experts and top_k of the model, then ingest again");
  }

  /** Adds another part of the same layer; its arrays may become this one's. */
  LayerTally merge(LayerTally other) {
    other.cells.forEach((cell, loads) -> cells.merge(cell, loads, PhaseLoads::add));
    other.sources.forEach((source, sums) -> sources.merge(source, sums, CorrelationSums::add));
    prefillPairs.add(other.prefillPairs);
    decodePairs.add(other.decodePairs);
    requests += other.requests;
    tokens += other.tokens;
    return this;
  }

  int layer() {
    return layer;
  }

  int experts() {
    return experts;
  }

  int topK() {
    return topK;
  }

  long requests() {
    return requests;
  }

  long tokens() {
    return tokens;
  }

  /** Loads by day, hour and domain, in order. */
  SortedMap<Cell, PhaseLoads> cells() {
    return new TreeMap<>(cells);
  }

  /** Loads of the cells that share a key, in the order of the keys. */
  <K> SortedMap<K, PhaseLoads> loadsBy(Function<Cell, K> key) {
    SortedMap<K, PhaseLoads> sums = new TreeMap<>();
    cells.forEach(
        (cell, loads) ->
            sums.computeIfAbsent(key.apply(cell), any -> new PhaseLoads(experts)).add(loads));
    return sums;
  }

  /** Loads of everything. */
  PhaseLoads loads() {
    PhaseLoads sum = new PhaseLoads(experts);
    cells.values().forEach(sum::add);
    return sum;
  }

  /** Tokens of a phase that chose both experts. */
  long pairs(Phase phase, int a, int b) {
    return switch (phase) {
      case PREFILL -> prefillPairs.count(a, b);
      case DECODE -> decodePairs.count(a, b);
      case ALL -> prefillPairs.count(a, b) + decodePairs.count(a, b);
    };
  }

  /** Per-request correlations by source, in order. */
  SortedMap<String, CorrelationSums> sources() {
    return new TreeMap<>(sources);
  }
}
