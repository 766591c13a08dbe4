package io.sextant.schema.table;

import static io.sextant.schema.table.ColumnType.DOUBLE;
import static io.sextant.schema.table.ColumnType.INT;
import static io.sextant.schema.table.ColumnType.STRING;
import static io.sextant.schema.table.Columns.RUN_ID;
import static io.sextant.schema.table.Columns.byModel;
import static io.sextant.schema.table.Columns.column;
import static io.sextant.schema.table.Columns.nullable;

/** The table that {@code scaling} writes. */
public final class ScalingTables {
  public static final TableDefinition<ScalingLawRow> SCALING_LAWS =
      byModel(
          ScalingLawRow.class,
          "scaling_laws",
          "the line -log loss = a log parameters + b of a model family on a benchmark; the column model names the family",
          column("benchmark", STRING, "", "benchmark on which the loss was measured"),
          column("sizes", INT, "models", "number of model sizes used"),
          column("exponent", DOUBLE, "", "a"),
          column("exponent_low", DOUBLE, "", "lower end of its 95 % interval"),
          column("exponent_high", DOUBLE, "", "upper end of its 95 % interval"),
          column("intercept", DOUBLE, "", "b"),
          column("intercept_low", DOUBLE, "", "lower end of its 95 % interval"),
          column("intercept_high", DOUBLE, "", "upper end of its 95 % interval"),
          column("residual", DOUBLE, "", "standard deviation of -log loss about the line"),
          nullable(
              "baseline",
              STRING,
              "",
              "family that this one is compared with; null for that family itself"),
          nullable("gain", DOUBLE, "", "exponent over the baseline's exponent, minus 1"),
          nullable("gain_low", DOUBLE, "", "lower end of its 95 % interval"),
          nullable("gain_high", DOUBLE, "", "upper end of its 95 % interval"),
          RUN_ID);

  /** A row of {@link #SCALING_LAWS}. */
  public record ScalingLawRow(
      String benchmark,
      int sizes,
      double exponent,
      double exponentLow,
      double exponentHigh,
      double intercept,
      double interceptLow,
      double interceptHigh,
      double residual,
      String baseline,
      Double gain,
      Double gainLow,
      Double gainHigh,
      String runId,
      String model) {}

  private ScalingTables() {}
}
