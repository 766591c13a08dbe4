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

  private static final Column KEPT =
      column("kept", INT, "neurons", "number of neurons that are served");

  private static final Column NEURONS =
      column("neurons", INT, "neurons", "number of neurons of the full layer");

  private static final Column POLICY =
      column("policy", STRING, "", "static, adaptive or alternate");

  public static final TableDefinition<ImportanceWindowRow> IMPORTANCE_WINDOWS =
      byModel(
          ImportanceWindowRow.class,
          "importance_windows",
          "the importance that a hidden layer loses in one window of a stream for one number of neurons kept",
          HIDDEN_LAYER,
          WINDOW,
          KEPT,
          NEURONS,
          column("importance", DOUBLE, "loss", "sum of |activation x gradient| of all neurons"),
          column(
              "lost",
              DOUBLE,
              "loss",
              "importance of the other neurons if the best neurons of the previous window are kept"),
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
          "the measured outcome of a pruning plan, and the prediction made without it",
          column("plan", INT, "", "number of the plan"),
          POLICY,
          column("densities", STRING, "", "LAYER=DENSITY, separated by semicolons"),
          column(
              "use",
              STRING,
              "",
              "left out: predicted from the other plans; held out: not used in any fit"),
          column("loss", DOUBLE, "loss", "mean over the scored windows"),
          column("rise", DOUBLE, "loss", "rise above the full model's loss"),
          column(
              "damage", DOUBLE, "", "sum over layers of lost importance cubed, mean over windows"),
          nullable(
              "predicted", DOUBLE, "loss", "predicted rise; null if the policy is within noise"),
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
          "the model fitted to the outcomes of one policy for pruning a stream's model",
          POLICY,
          column("verdict", STRING, "", "rises with lost importance, or within noise"),
          column("plans", INT, "plans", "number of outcomes used"),
          column("spearman", DOUBLE, "", "rank correlation of damage and rise"),
          column(
              "chance", DOUBLE, "", "share of random orders with at least this rank correlation"),
          nullable(
              "spearman_left_out",
              DOUBLE,
              "",
              "rank correlation of rise and leave-one-out prediction"),
          column("mean_rise", DOUBLE, "loss", "mean rise over all plans"),
          column(
              "mean_rise_low",
              DOUBLE,
              "loss",
              "lower end of the 95 % prediction interval of a run"),
          column(
              "mean_rise_high",
              DOUBLE,
              "loss",
              "upper end of the 95 % prediction interval of a run"),
          column("spread", DOUBLE, "loss", "standard deviation of the rises"),
          column("noise", DOUBLE, "loss", "standard deviation of the loss between equal runs"),
          nullable("scale", DOUBLE, "", "rise at a damage of 1; null if within noise"),
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
          "the neurons with which a hidden layer is served in one window under a policy",
          POLICY,
          WINDOW,
          HIDDEN_LAYER,
          KEPT,
          NEURONS,
          column(
              "replaced",
              INT,
              "neurons",
              "number of neurons that were not served in the previous pruned window"),
          column(
              "lost",
              DOUBLE,
              "loss",
              "importance of the neurons that are not served in this window"),
          column(
              "action",
              STRING,
              "",
              "plan: new widths were chosen; keep: widths stayed the same; full: nothing is pruned"),
          column("rise", DOUBLE, "loss", "predicted rise in the window, all layers together"),
          column("rise_low", DOUBLE, "loss", "lower end of its 95 % interval"),
          column("rise_high", DOUBLE, "loss", "upper end of its 95 % interval"),
          column("micros", DOUBLE, "microseconds", "measured time of all products"),
          column(
              "full_micros",
              DOUBLE,
              "microseconds",
              "measured time of all products of the full model"),
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
