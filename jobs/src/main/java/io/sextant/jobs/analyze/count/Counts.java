package io.sextant.jobs.analyze.count;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * Whole numbers counted over some rows of one layer. Sums of these do not depend on their order.
 */
public final class Counts implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * The hour and domain for which load is counted separately.
   *
   * @param hour UTC hour of the arrival, 0 to 23
   */
  public record Cell(int hour, String domain) implements Serializable {}

  /** Tokens that chose each expert; shape [4][experts], by phase. */
  private final HashMap<Cell, long[][]> loads = new HashMap<>();

  private final HashMap<String, CorrelationSums> requests = new HashMap<>();

  /**
   * How often a token chose both experts; shape [3][experts x experts], by phase; null if not
   * counted.
   */
  private long[][] pairs;

  public Map<Cell, long[][]> loads() {
    return loads;
  }

  public long[][] load(Cell cell, int experts) {
    return loads.computeIfAbsent(cell, absent -> new long[Phase.COUNTED][experts]);
  }

  /** Correlations of single requests, by source. */
  public Map<String, CorrelationSums> requests() {
    return requests;
  }

  public CorrelationSums requests(String source) {
    return requests.computeIfAbsent(source, absent -> new CorrelationSums());
  }

  public long[][] pairs(int experts) {
    if (pairs == null) {
      pairs = new long[Phase.TRACED][experts * experts];
    }
    return pairs;
  }

  /** Adds the other's numbers to these. */
  public Counts plus(Counts other) {
    other.loads.forEach(
        (cell, theirs) ->
            loads.merge(
                cell,
                theirs,
                (mine, added) -> {
                  add(mine, added);
                  return mine;
                }));
    other.requests.forEach(
        (source, theirs) -> requests.merge(source, theirs, CorrelationSums::plus));
    if (pairs == null) {
      pairs = other.pairs;
    } else if (other.pairs != null) {
      add(pairs, other.pairs);
    }
    return this;
  }

  private static void add(long[][] sums, long[][] added) {
    for (int phase = 0; phase < sums.length; phase++) {
      for (int i = 0; i < sums[phase].length; i++) {
        sums[phase][i] += added[phase][i];
      }
    }
  }
}
