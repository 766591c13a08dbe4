package io.sextant.schema.engine;

/** Whether something holds, as far as is known. */
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
