package io.sextant.jobs.analyze;

import java.util.Locale;

/** Which rows of a request count. */
enum Phase {
  PREFILL(0),
  DECODE(1),
  ALL(-1);

  /** Phases that are counted; {@link #ALL} is their sum. */
  static final int COUNTED = 2;

  private final int index;

  Phase(int index) {
    this.index = index;
  }

  /** Where counts of this phase are in arrays by phase; {@link #ALL} has none. */
  int index() {
    return index;
  }

  /** As the tables name it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Counts of this phase.
   *
   * @param byPhase shape [2][n], prefill first
   */
  long[] of(long[][] byPhase) {
    if (this != ALL) {
      return byPhase[index];
    }
    long[] sum = byPhase[0].clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += byPhase[1][i];
    }
    return sum;
  }
}
