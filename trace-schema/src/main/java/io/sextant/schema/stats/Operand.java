package io.sextant.schema.stats;

import java.util.Locale;

/** The two sides of a matrix product. */
public enum Operand {
  /** A row a token, a column a feature. */
  ACTIVATION,
  /** A row an output, a column a feature. */
  WEIGHT;

  /** As files and tables name it: {@code activation}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
