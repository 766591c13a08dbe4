package io.sextant.schema.engine;

/** Three-valued truth: a statement holds, does not hold, or is not known to. */
enum Truth {
  YES,
  NO,
  UNKNOWN;

  static Truth of(boolean holds) {
    return holds ? YES : NO;
  }

  Truth and(Truth other) {
    if (this == NO || other == NO) {
      return NO;
    }
    return this == UNKNOWN ? UNKNOWN : other;
  }

  Truth not() {
    return switch (this) {
      case YES -> NO;
      case NO -> YES;
      case UNKNOWN -> UNKNOWN;
    };
  }
}
