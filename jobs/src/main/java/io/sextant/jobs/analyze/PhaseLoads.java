package io.sextant.jobs.analyze;

import java.io.Serializable;

/** Tokens each logical expert was sent, by phase. */
final class PhaseLoads implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long[] prefill;
  private final long[] decode;

  PhaseLoads(int experts) {
    prefill = new long[experts];
    decode = new long[experts];
  }

  /** Adds one request's counts, which are whole numbers. */
  void add(double[] prefillCounts, double[] decodeCounts) {
    for (int e = 0; e < prefill.length; e++) {
      prefill[e] += (long) prefillCounts[e];
      decode[e] += (long) decodeCounts[e];
    }
  }

  PhaseLoads add(PhaseLoads other) {
    for (int e = 0; e < prefill.length; e++) {
      prefill[e] += other.prefill[e];
      decode[e] += other.decode[e];
    }
    return this;
  }

  int experts() {
    return prefill.length;
  }

  /** Tokens by expert; not to be changed. */
  long[] of(Phase phase) {
    return switch (phase) {
      case PREFILL -> prefill;
      case DECODE -> decode;
      case ALL -> new PhaseLoads(prefill.length).add(this).both();
    };
  }

  private long[] both() {
    for (int e = 0; e < prefill.length; e++) {
      prefill[e] += decode[e];
    }
    return prefill;
  }
}
