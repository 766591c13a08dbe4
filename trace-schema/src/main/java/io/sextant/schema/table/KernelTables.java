package io.sextant.schema.table;

import static io.sextant.schema.table.ColumnType.DOUBLE;
import static io.sextant.schema.table.ColumnType.INT;
import static io.sextant.schema.table.ColumnType.LONG;
import static io.sextant.schema.table.ColumnType.STRING;
import static io.sextant.schema.table.Columns.RECIPE;
import static io.sextant.schema.table.Columns.RUN_ID;
import static io.sextant.schema.table.Columns.SITE;
import static io.sextant.schema.table.Columns.byModel;
import static io.sextant.schema.table.Columns.column;
import static io.sextant.schema.table.Columns.nullable;

/** The tables that {@code dispatch} writes: measured kernels and the chosen ones. */
public final class KernelTables {
  private static final Column TOKENS_AT_ONCE =
      column("tokens", INT, "tokens", "number of rows of the activations");

  private static final Column LIBRARY =
      column("library", STRING, "", "library and version; sextant for our own kernel");

  public static final TableDefinition<KernelRunRow> KERNEL_RUNS =
      byModel(
          KernelRunRow.class,
          "kernel_runs",
          "the time and error of one kernel for one product of a model on a GPU",
          SITE,
          column("out", INT, "", "number of outputs of the product"),
          column("k", INT, "", "number of features that the product sums over"),
          TOKENS_AT_ONCE,
          RECIPE,
          LIBRARY,
          column("device", STRING, "", "name of the GPU"),
          column("algorithm", INT, "", "number of the library's fastest proposal"),
          column(
              "algorithms_tried", INT, "", "number of proposals that ran and gave correct results"),
          column(
              "algorithms_wrong", INT, "", "number of proposals that ran and gave wrong results"),
          nullable("matmul_us", DOUBLE, "microseconds", "median time of the product alone"),
          nullable(
              "end_to_end_us",
              DOUBLE,
              "microseconds",
              "median time with the conversion of the activations"),
          nullable("end_to_end_low_us", DOUBLE, "microseconds", "first quartile of end_to_end_us"),
          nullable("end_to_end_high_us", DOUBLE, "microseconds", "third quartile of end_to_end_us"),
          nullable("relative_frobenius", DOUBLE, "", "|out - ref| / |ref| of sampled outputs"),
          nullable("sqnr_db", DOUBLE, "dB", "the same in decibels, -20 log10"),
          nullable("calc_diff", DOUBLE, "", "1 - 2 out.ref / (|out|^2 + |ref|^2)"),
          nullable("mere", DOUBLE, "", "mean of |out - ref| / |ref| above the floor"),
          nullable("mere_floor", DOUBLE, "", "1 % of the root mean square of the outputs"),
          nullable("mere_count", LONG, "", "number of outputs above the floor"),
          nullable("refusal", STRING, "", "reason why the kernel did not run"),
          RUN_ID);

  /** A row of {@link #KERNEL_RUNS}. */
  public record KernelRunRow(
      String site,
      int out,
      int k,
      int tokens,
      String recipe,
      String library,
      String device,
      int algorithm,
      int algorithmsTried,
      int algorithmsWrong,
      Double matmulUs,
      Double endToEndUs,
      Double endToEndLowUs,
      Double endToEndHighUs,
      Double relativeFrobenius,
      Double sqnrDb,
      Double calcDiff,
      Double mere,
      Double mereFloor,
      Long mereCount,
      String refusal,
      String runId,
      String model) {}

  public static final TableDefinition<DispatchRow> DISPATCH =
      byModel(
          DispatchRow.class,
          "dispatch",
          "the kernel to use for one product of a model",
          column(
              "mode",
              STRING,
              "",
              "site: each product separately; global: all products under one error budget"),
          SITE,
          TOKENS_AT_ONCE,
          RECIPE,
          LIBRARY,
          column(
              "micros",
              DOUBLE,
              "microseconds",
              "median time with the conversion of the activations"),
          column("bf16_micros", DOUBLE, "microseconds", "median time of the library's BF16 kernel"),
          column("speedup", DOUBLE, "", "bf16_micros / micros"),
          column("error", DOUBLE, "", "relative Frobenius error; from probe if it has this site"),
          nullable(
              "device",
              STRING,
              "",
              "name of the GPU that was measured; null in rows written before the column was added"),
          column(
              "losers", STRING, "", "reason why each other kernel lost, separated by semicolons"),
          RUN_ID);

  /** A row of {@link #DISPATCH}. */
  public record DispatchRow(
      String mode,
      String site,
      int tokens,
      String recipe,
      String library,
      double micros,
      double bf16Micros,
      double speedup,
      double error,
      String device,
      String losers,
      String runId,
      String model) {}

  private KernelTables() {}
}
