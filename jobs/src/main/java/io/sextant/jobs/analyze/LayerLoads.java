package io.sextant.jobs.analyze;

import io.sextant.jobs.analyze.count.CorrelationSums;
import io.sextant.jobs.analyze.count.Counts;
import io.sextant.jobs.analyze.count.Phase;
import java.io.Serializable;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The loads of one layer over some days, summed as the figures need them and much smaller than the
 * counts that they come from. Every load has the shape [3][experts], by phase. Sums of these do not
 * depend on their order.
 */
final class LayerLoads implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int experts;
  private final TreeMap<String, long[][]> byDay = new TreeMap<>();
  private final TreeMap<String, long[][]> byDomain = new TreeMap<>();
  private final TreeMap<String, long[][]> byBatch = new TreeMap<>();
  private final TreeMap<String, CorrelationSums> requests = new TreeMap<>();
  private final long[][] whole;

  /** The loads of one day. */
  LayerLoads(String day, Counts counts, int experts) {
    this.experts = experts;
    this.whole = new long[Phase.COUNTED][experts];
    counts
        .loads()
        .forEach(
            (cell, load) -> {
              add(byDay, day, load);
              add(byDomain, cell.domain(), load);
              add(byBatch, day + " " + cell.hour(), load);
              add(whole, load);
            });
    requests.putAll(counts.requests());
  }

  /** Adds the other's days to these. */
  LayerLoads plus(LayerLoads other) {
    other.byDay.forEach((day, load) -> add(byDay, day, load));
    other.byDomain.forEach((domain, load) -> add(byDomain, domain, load));
    other.byBatch.forEach((batch, load) -> add(byBatch, batch, load));
    other.requests.forEach((source, sums) -> requests.merge(source, sums, CorrelationSums::plus));
    add(whole, other.whole);
    return this;
  }

  private void add(NavigableMap<String, long[][]> sums, String key, long[][] load) {
    add(sums.computeIfAbsent(key, absent -> new long[Phase.COUNTED][experts]), load);
  }

  private static void add(long[][] sums, long[][] load) {
    for (int phase = 0; phase < Phase.COUNTED; phase++) {
      for (int e = 0; e < load[phase].length; e++) {
        sums[phase][e] += load[phase][e];
      }
    }
  }

  NavigableMap<String, long[][]> byDay() {
    return byDay;
  }

  NavigableMap<String, long[][]> byDomain() {
    return byDomain;
  }

  /** Loads by day and hour, the period over which an engine would refresh its statistics. */
  NavigableMap<String, long[][]> byBatch() {
    return byBatch;
  }

  /** Correlations of single requests, by source. */
  NavigableMap<String, CorrelationSums> requests() {
    return requests;
  }

  long[][] whole() {
    return whole;
  }

  static long sum(long[] load) {
    long sum = 0;
    for (long count : load) {
      sum += count;
    }
    return sum;
  }
}
