package io.sextant.schema.table;

import static io.sextant.schema.table.ColumnType.DOUBLE;
import static io.sextant.schema.table.ColumnType.INT;
import static io.sextant.schema.table.ColumnType.STRING;
import static io.sextant.schema.table.Columns.RUN_ID;
import static io.sextant.schema.table.Columns.byModel;
import static io.sextant.schema.table.Columns.column;
import static io.sextant.schema.table.Columns.nullable;

/**
 * The tables that {@code sparsity} writes: lost importance, outcomes of pruning, and pruning plans.
 */
public final class SparsityTables {
  private static final Column HIDDEN_LAYER =
      column("layer", STRING, "", "name of the hidden layer");

  private static final Column WINDOW =
      column("stream_window", INT, "", "window of the stream, from 0");

  private static final Column KEPT = column("kept", INT, "neurons", "neurons that are served");

  private static final Column NEURONS =
      column("neurons", INT, "neurons", "neurons of the full layer");

  private static final Column POLICY =
      column("policy", STRING, "", "static, adaptive or alternate");

  public static final TableDefinition<ImportanceWindowRow> IMPORTANCE_WINDOWS =
      byModel(
          ImportanceWindowRow.class,
          "importance_windows",
          "what a hidden layer would lose in one window of a stream with so many neurons kept",
          HIDDEN_LAYER,
          WINDOW,
          KEPT,
          NEURONS,
          column("importance", DOUBLE, "loss", "sum of |activation x gradient| of all neurons"),
          column(
              "lost",
              DOUBLE,
              "loss",
              "the part that the other neurons carry, where the best of the window before are kept"),
          RUN_ID);

  /** A row of {@link #IMPORTANCE_WINDOWS}. */
  public record ImportanceWindowRow(
      String layer,
      int streamWindow,
      int kept,
      int neurons,
      double importance,
      double lost,
      String runId,
      String model) {}

  public static final TableDefinition<PruningOutcomeRow> PRUNING_OUTCOMES =
      byModel(
          PruningOutcomeRow.class,
          "pruning_outcomes",
          "what pruning really did under a plan, beside what was predicted without it",
          column("plan", INT, "", "number of the plan"),
          POLICY,
          column("densities", STRING, "", "LAYER=DENSITY, separated by semicolons"),
          column(
              "use",
              STRING,
              "",
              "left out: predicted from the other plans; held out: fitted to nothing"),
          column("loss", DOUBLE, "loss", "mean of the windows once pruning has set in"),
          column("rise", DOUBLE, "loss", "over the full model's"),
          column("damage", DOUBLE, "", "sum over layers of lost importance cubed, window mean"),
          nullable("predicted", DOUBLE, "loss", "rise; null where the policy is within noise"),
          nullable("predicted_low", DOUBLE, "loss", "lower end of its 95 % interval"),
          nullable("predicted_high", DOUBLE, "loss", "upper end of its 95 % interval"),
          RUN_ID);

  /** A row of {@link #PRUNING_OUTCOMES}. */
  public record PruningOutcomeRow(
      int plan,
      String policy,
      String densities,
      String use,
      double loss,
      double rise,
      double damage,
      Double predicted,
      Double predictedLow,
      Double predictedHigh,
      String runId,
      String model) {}

  public static final TableDefinition<PruningPolicyRow> PRUNING_POLICIES =
      byModel(
          PruningPolicyRow.class,
          "pruning_policies",
          "what the outcomes say of a way to prune a stream's model",
          POLICY,
          column("verdict", STRING, "", "rises with lost importance, or within noise"),
          column("plans", INT, "plans", "outcomes it rests on"),
          column("spearman", DOUBLE, "", "rank correlation of damage and rise"),
          column("chance", DOUBLE, "", "share of random orders with as high a one"),
          nullable("spearman_left_out", DOUBLE, "", "of rise and prediction without the plan"),
          column("mean_rise", DOUBLE, "loss", "over all plans"),
          column("mean_rise_low", DOUBLE, "loss", "lower end of a run's 95 % interval"),
          column("mean_rise_high", DOUBLE, "loss", "upper end of a run's 95 % interval"),
          column("spread", DOUBLE, "loss", "standard deviation of the rises"),
          column("noise", DOUBLE, "loss", "standard deviation between runs of the same thing"),
          nullable("scale", DOUBLE, "", "rise at a damage of 1; null within noise"),
          nullable("residual", DOUBLE, "", "standard deviation of log(rise + noise) about the fit"),
          RUN_ID);

  /** A row of {@link #PRUNING_POLICIES}. */
  public record PruningPolicyRow(
      String policy,
      String verdict,
      int plans,
      double spearman,
      double chance,
      Double spearmanLeftOut,
      double meanRise,
      double meanRiseLow,
      double meanRiseHigh,
      double spread,
      double noise,
      Double scale,
      Double residual,
      String runId,
      String model) {}

  public static final TableDefinition<SparsityPlanRow> SPARSITY_PLANS =
      byModel(
          SparsityPlanRow.class,
          "sparsity_plans",
          "what a hidden layer is served with in one window under a policy",
          POLICY,
          WINDOW,
          HIDDEN_LAYER,
          KEPT,
          NEURONS,
          column("replaced", INT, "neurons", "not served in the pruned window before"),
          column("lost", DOUBLE, "loss", "importance that the others carry in this window"),
          column(
              "action", STRING, "", "plan: widths were chosen; keep: left; full: nothing pruned"),
          column("rise", DOUBLE, "loss", "predicted for the window, all layers together"),
          column("rise_low", DOUBLE, "loss", "lower end of its 95 % interval"),
          column("rise_high", DOUBLE, "loss", "upper end of its 95 % interval"),
          column("micros", DOUBLE, "microseconds", "measured time of all products"),
          column("full_micros", DOUBLE, "microseconds", "of the full model's"),
          RUN_ID);

  /** A row of {@link #SPARSITY_PLANS}. */
  public record SparsityPlanRow(
      String policy,
      int streamWindow,
      String layer,
      int kept,
      int neurons,
      int replaced,
      double lost,
      String action,
      double rise,
      double riseLow,
      double riseHigh,
      double micros,
      double fullMicros,
      String runId,
      String model) {}

  private SparsityTables() {}
}
