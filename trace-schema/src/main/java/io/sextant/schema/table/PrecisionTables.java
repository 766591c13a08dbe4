package io.sextant.schema.table;

import static io.sextant.schema.table.ColumnType.DOUBLE;
import static io.sextant.schema.table.ColumnType.FLOAT_ARRAY;
import static io.sextant.schema.table.ColumnType.INT;
import static io.sextant.schema.table.ColumnType.LONG;
import static io.sextant.schema.table.ColumnType.LONG_ARRAY;
import static io.sextant.schema.table.ColumnType.STRING;
import static io.sextant.schema.table.Columns.RECIPE;
import static io.sextant.schema.table.Columns.RUN_ID;
import static io.sextant.schema.table.Columns.SITE;
import static io.sextant.schema.table.Columns.byModel;
import static io.sextant.schema.table.Columns.column;
import static io.sextant.schema.table.Columns.nullable;

/**
 * The tables that {@code probe} writes: statistics of layers and the predicted error of each
 * recipe.
 */
public final class PrecisionTables {
  private static final Column OPERAND = column("operand", STRING, "", "activation or weight");

  public static final TableDefinition<LayerStatsRow> LAYER_STATS =
      byModel(
          LayerStatsRow.class,
          "layer_stats",
          "what one operand of one product looked like in one snapshot",
          SITE,
          OPERAND,
          nullable("step", LONG, "steps", "of the run; null where real tensors do not say"),
          column("rows", INT, "", "tokens of activations, outputs of weights"),
          column("columns", INT, "", "features: what the product sums over"),
          column("mean", DOUBLE, "", "of all values"),
          column("std", DOUBLE, "", "of all values"),
          column("absmax", DOUBLE, "", "greatest magnitude"),
          column("kurtosis", DOUBLE, "", "3 for a Gaussian"),
          column("abs_q50", DOUBLE, "", "median of the magnitudes"),
          column("abs_q90", DOUBLE, "", "their 90 % quantile"),
          column("abs_q99", DOUBLE, "", "their 99 % quantile"),
          column("abs_q999", DOUBLE, "", "their 99.9 % quantile"),
          column("zero_fraction", DOUBLE, "", "share of values that are exactly 0"),
          column("fits_2_4", DOUBLE, "", "share of groups of four with two zeros or more"),
          column("energy_kept_2_4", DOUBLE, "", "share of energy the two largest of four hold"),
          column("channel_absmax_max", DOUBLE, "", "greatest magnitude of any column"),
          column("channel_absmax_median", DOUBLE, "", "median over columns of theirs"),
          column("row_absmax_median", DOUBLE, "", "median over rows of theirs"),
          column("exponents", LONG_ARRAY, "values", "histogram of binary exponents from 2^-40"),
          nullable("bias_l2", DOUBLE, "", "norm of the product's bias"),
          nullable("output_mean_over_std", DOUBLE, "", "of the product's outputs"),
          nullable("output_row_mean_over_std", DOUBLE, "", "mean over rows, absolute"),
          nullable("column_means", FLOAT_ARRAY, "", "where the whole matrix was there"),
          nullable("column_covariance", FLOAT_ARRAY, "", "upper triangle, row by row"),
          RUN_ID);

  /** A row of {@link #LAYER_STATS}. */
  public record LayerStatsRow(
      String site,
      String operand,
      Long step,
      int rows,
      int columns,
      double mean,
      double std,
      double absmax,
      double kurtosis,
      double absQ50,
      double absQ90,
      double absQ99,
      double absQ999,
      double zeroFraction,
      double fits24,
      double energyKept24,
      double channelAbsmaxMax,
      double channelAbsmaxMedian,
      double rowAbsmaxMedian,
      long[] exponents,
      Double biasL2,
      Double outputMeanOverStd,
      Double outputRowMeanOverStd,
      float[] columnMeans,
      float[] columnCovariance,
      String runId,
      String model) {}

  public static final TableDefinition<LayerDriftRow> LAYER_DRIFT =
      byModel(
          LayerDriftRow.class,
          "layer_drift",
          "how an operand's values moved from one snapshot to the next",
          SITE,
          OPERAND,
          column("step_a", LONG, "steps", "the earlier snapshot"),
          column("step_b", LONG, "steps", "the later one"),
          nullable(
              "jensen_shannon",
              DOUBLE,
              "bits",
              "divergence of the exponent histograms; null if one is empty"),
          nullable(
              "rms_ratio", DOUBLE, "", "root mean square, later over earlier; null if that was 0"),
          nullable(
              "absmax_ratio",
              DOUBLE,
              "",
              "greatest magnitude, later over earlier; null if that was 0"),
          RUN_ID);

  /** A row of {@link #LAYER_DRIFT}. */
  public record LayerDriftRow(
      String site,
      String operand,
      long stepA,
      long stepB,
      Double jensenShannon,
      Double rmsRatio,
      Double absmaxRatio,
      String runId,
      String model) {}

  public static final TableDefinition<PrecisionSiteRow> PRECISION_SITES =
      byModel(
          PrecisionSiteRow.class,
          "precision_sites",
          "what a recipe is predicted to do to a product, from its newest statistics",
          SITE,
          nullable("step", LONG, "steps", "snapshot it rests on; null for real tensors"),
          RECIPE,
          column("relative_frobenius", DOUBLE, "", "predicted |out - ref| / |ref|"),
          column("sqnr_db", DOUBLE, "dB", "the same, -20 log10"),
          column("calc_diff", DOUBLE, "", "predicted 1 - 2 out.ref / (|out|^2 + |ref|^2)"),
          column("mere", DOUBLE, "", "predicted mean of |out - ref| / |ref| above the floor"),
          column("mere_floor", DOUBLE, "", "share of the outputs' root mean square"),
          column("mere_count", LONG, "outputs", "rows of activations x rows of weights"),
          column("gaussian", DOUBLE, "", "relative Frobenius that N(0,1) operands would give"),
          column("alignment", DOUBLE, "", "part of the operands' error that the product keeps"),
          column(
              "alignment_of",
              STRING,
              "",
              "site whose tensors it is from; none: 1, which is the most there can be"),
          column("verdict", STRING, "", "safe or unsafe"),
          column("reason", STRING, "", "why, with what was measured of a 2:4 operand"),
          column("hazards", STRING, "", "what speaks against FP8 here, separated by semicolons"),
          column("mods", STRING, "", "what to change, separated by semicolons"),
          nullable("error_after_mods", DOUBLE, "", "predicted after that"),
          RUN_ID);

  /** A row of {@link #PRECISION_SITES}. */
  public record PrecisionSiteRow(
      String site,
      Long step,
      String recipe,
      double relativeFrobenius,
      double sqnrDb,
      double calcDiff,
      double mere,
      double mereFloor,
      long mereCount,
      double gaussian,
      double alignment,
      String alignmentOf,
      String verdict,
      String reason,
      String hazards,
      String mods,
      Double errorAfterMods,
      String runId,
      String model) {}

  private PrecisionTables() {}
}
