package io.sextant.jobs.analyze;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The loads of one layer over a window, summed in the ways the figures need. Every value has the
 * shape [3][experts], by phase.
 */
final class LayerLoads {
  private final int experts;
  private final NavigableMap<String, long[][]> byDay = new TreeMap<>();
  private final NavigableMap<String, long[][]> byDomain = new TreeMap<>();
  private final NavigableMap<String, long[][]> byBatch = new TreeMap<>();
  private final long[][] whole;

  /**
   * @param countsByDay the layer's counts of each day
   */
  LayerLoads(Map<String, Counts> countsByDay, int experts) {
    this.experts = experts;
    this.whole = new long[Phase.COUNTED][experts];
    countsByDay.forEach(
        (day, counts) ->
            counts
                .loads()
                .forEach(
                    (cell, load) -> {
                      add(byDay, day, load);
                      add(byDomain, cell.domain(), load);
                      add(byBatch, day + " " + cell.hour(), load);
                      add(whole, load);
                    }));
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

  /** By day and hour: what one refresh of an engine's statistics would have seen. */
  NavigableMap<String, long[][]> byBatch() {
    return byBatch;
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
