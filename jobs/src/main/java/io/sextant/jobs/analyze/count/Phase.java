package io.sextant.jobs.analyze.count;

import java.util.Locale;

/** Which rows of a request count. */
public enum Phase {
  PREFILL(0),
  DECODE(1),
  /** The source does not tell a row's phase. */
  UNKNOWN(2),
  /** Counts of a step, in which both phases are added up. */
  MIXED(3),
  ALL(-1);

  /** Phases of requests whose rows are known. */
  public static final int TRACED = 3;

  /** Phases that are counted; {@link #ALL} is their sum. */
  public static final int COUNTED = 4;

  private final int index;

  Phase(int index) {
    this.index = index;
  }

  /** Where counts of this phase are in arrays by phase; {@link #ALL} has none. */
  public int index() {
    return index;
  }

  /** As the tables name it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Counts of this phase.
   *
   * @param byPhase shape [phases][n], in the order of the phases
   */
  public long[] of(long[][] byPhase) {
    if (this != ALL) {
      return byPhase[index];
    }
    long[] sum = byPhase[0].clone();
    for (int phase = 1; phase < byPhase.length; phase++) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += byPhase[phase][i];
      }
    }
    return sum;
  }
}
