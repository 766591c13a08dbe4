package io.sextant.schema.stats;

import java.util.Locale;

/** The two sides of a matrix product. */
public enum Operand {
  /** One row per token, one column per feature. */
  ACTIVATION,
  /** One row per output, one column per feature. */
  WEIGHT;

  /** The name in files and tables: {@code activation}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
