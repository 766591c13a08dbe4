package io.sextant.jobs.analyze.count;

import java.util.Locale;

/** The phase of a request's rows. */
public enum Phase {
  PREFILL(0),
  DECODE(1),
  /** The source does not tell a row's phase. */
  UNKNOWN(2),
  /** Counts of a step, in which both phases are added up. */
  MIXED(3),
  ALL(-1);

  /** Phases of requests whose rows were recorded. */
  public static final int TRACED = 3;

  /** Phases that are counted directly; {@link #ALL} is their sum. */
  public static final int COUNTED = 4;

  private final int index;

  Phase(int index) {
    this.index = index;
  }

  /** Index of this phase in arrays by phase; {@link #ALL} has none. */
  public int index() {
    return index;
  }

  /** The phase's name in the tables. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The counts of this phase.
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
