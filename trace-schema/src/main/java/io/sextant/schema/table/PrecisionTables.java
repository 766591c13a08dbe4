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
          "the statistics of one operand of one product in one snapshot",
          SITE,
          OPERAND,
          nullable(
              "step",
              LONG,
              "steps",
              "training or serving step; null if the tensors do not give it"),
          column("rows", INT, "", "number of rows: tokens of activations, outputs of weights"),
          column("columns", INT, "", "number of columns: the features that the product sums over"),
          column("mean", DOUBLE, "", "mean of all values"),
          column("std", DOUBLE, "", "standard deviation of all values"),
          column("absmax", DOUBLE, "", "maximum magnitude"),
          column("kurtosis", DOUBLE, "", "kurtosis; 3 for a Gaussian"),
          column("abs_q50", DOUBLE, "", "median of the magnitudes"),
          column("abs_q90", DOUBLE, "", "90 % quantile of the magnitudes"),
          column("abs_q99", DOUBLE, "", "99 % quantile of the magnitudes"),
          column("abs_q999", DOUBLE, "", "99.9 % quantile of the magnitudes"),
          column("zero_fraction", DOUBLE, "", "share of values that are exactly 0"),
          column("fits_2_4", DOUBLE, "", "share of groups of four with at least two zeros"),
          column(
              "energy_kept_2_4",
              DOUBLE,
              "",
              "share of the energy in the two largest values of each group of four"),
          column(
              "channel_absmax_max", DOUBLE, "", "maximum over columns of their maximum magnitude"),
          column(
              "channel_absmax_median",
              DOUBLE,
              "",
              "median over columns of their maximum magnitude"),
          column("row_absmax_median", DOUBLE, "", "median over rows of their maximum magnitude"),
          column("exponents", LONG_ARRAY, "values", "histogram of binary exponents from 2^-40"),
          nullable("bias_l2", DOUBLE, "", "norm of the product's bias"),
          nullable(
              "output_mean_over_std",
              DOUBLE,
              "",
              "mean of the product's outputs over their standard deviation"),
          nullable(
              "output_row_mean_over_std",
              DOUBLE,
              "",
              "mean over rows of |mean of the row| over its standard deviation"),
          nullable(
              "column_means",
              FLOAT_ARRAY,
              "",
              "mean of each column; null unless the whole matrix was available"),
          nullable(
              "column_covariance",
              FLOAT_ARRAY,
              "",
              "covariance of the columns, upper triangle, row by row; null likewise"),
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
          "the change of an operand's values from one snapshot to the next",
          SITE,
          OPERAND,
          column("step_a", LONG, "steps", "step of the earlier snapshot"),
          column("step_b", LONG, "steps", "step of the later snapshot"),
          nullable(
              "jensen_shannon",
              DOUBLE,
              "bits",
              "Jensen-Shannon divergence of the exponent histograms; null if one is empty"),
          nullable(
              "rms_ratio",
              DOUBLE,
              "",
              "root mean square, later over earlier; null if the earlier is 0"),
          nullable(
              "absmax_ratio",
              DOUBLE,
              "",
              "maximum magnitude, later over earlier; null if the earlier is 0"),
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
          "the predicted error of a product under a recipe, from its newest statistics",
          SITE,
          nullable("step", LONG, "steps", "step of the snapshot used; null for real tensors"),
          RECIPE,
          column("relative_frobenius", DOUBLE, "", "predicted |out - ref| / |ref|"),
          column("sqnr_db", DOUBLE, "dB", "the same in decibels, -20 log10"),
          column("calc_diff", DOUBLE, "", "predicted 1 - 2 out.ref / (|out|^2 + |ref|^2)"),
          column("mere", DOUBLE, "", "predicted mean of |out - ref| / |ref| above the floor"),
          column(
              "mere_floor",
              DOUBLE,
              "",
              "floor of mere, as a share of the outputs' root mean square"),
          column(
              "mere_count",
              LONG,
              "outputs",
              "number of outputs: rows of activations x rows of weights"),
          column("gaussian", DOUBLE, "", "predicted relative Frobenius error for N(0,1) operands"),
          column(
              "alignment", DOUBLE, "", "part of the operands' error that remains in the product"),
          column(
              "alignment_of",
              STRING,
              "",
              "site whose tensors gave the alignment; none if the maximum, 1, is assumed"),
          column("verdict", STRING, "", "safe or unsafe"),
          column("reason", STRING, "", "reason, with the figures of a 2:4 operand if it is one"),
          column(
              "hazards",
              STRING,
              "",
              "reasons against FP8 for this product, separated by semicolons"),
          column("mods", STRING, "", "changes to make, separated by semicolons"),
          nullable(
              "error_after_mods",
              DOUBLE,
              "",
              "predicted relative Frobenius error after the changes"),
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
