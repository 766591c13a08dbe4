package io.sextant.jobs.analyze;

import java.util.Locale;

/** Which of a request's rows are meant. */
enum Phase {
  PREFILL,
  DECODE,
  ALL;

  /** The phases that rows of a trace belong to. */
  static final Phase[] RECORDED = {PREFILL, DECODE};

  /** As the tables write it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
