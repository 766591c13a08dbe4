package io.sextant.schema.table;

import static io.sextant.schema.table.ColumnType.DOUBLE;
import static io.sextant.schema.table.ColumnType.INT;
import static io.sextant.schema.table.ColumnType.LONG;
import static io.sextant.schema.table.ColumnType.STRING;
import static io.sextant.schema.table.Columns.LAYER;
import static io.sextant.schema.table.Columns.RUN_ID;
import static io.sextant.schema.table.Columns.column;
import static io.sextant.schema.table.Columns.highEnd;
import static io.sextant.schema.table.Columns.lowEnd;
import static io.sextant.schema.table.Columns.nullable;
import static io.sextant.schema.table.PlanColumns.ofPlan;

/** The tables of what a plan is worth: decisions, the moves to a plan, and the price of copies. */
public final class DecisionTables {
  public static final TableDefinition<MoveRow> MOVES =
      ofPlan(
          MoveRow.class,
          "moves",
          "a slot that is written on the way from the map in force to a plan",
          LAYER,
          column(
              "step",
              INT,
              "",
              "step of the layer, from 0; the writes of a step take effect together"),
          column("slot", INT, "", "physical slot that is written"),
          column("expert", INT, "", "logical expert in the slot afterwards"),
          column("from_slot", INT, "", "physical slot that the weights are read from"),
          column("gpu", INT, "", "GPU of the slot"),
          column("from_gpu", INT, "", "GPU that the weights come from"),
          column("node", INT, "", "node of the slot"),
          column("from_node", INT, "", "node that the weights come from"),
          column("copied_bytes", LONG, "bytes", "bytes copied between GPUs; 0 within a GPU"),
          RUN_ID);

  /** A row of {@link #MOVES}. */
  public record MoveRow(
      String planId,
      String plan,
      String cluster,
      Integer slots,
      String serving,
      String precision,
      String traffic,
      String fromDay,
      String toDay,
      int layer,
      int step,
      int slot,
      int expert,
      int fromSlot,
      int gpu,
      int fromGpu,
      int node,
      int fromNode,
      long copiedBytes,
      String runId,
      String model,
      String day) {}

  public static final TableDefinition<DecisionRow> DECISIONS =
      ofPlan(
          DecisionRow.class,
          "decisions",
          "a decision whether a plan replaces the map in force",
          column("command", STRING, "", "command that decided: refresh, solve or compare"),
          column(
              "in_force",
              STRING,
              "",
              "map that it was compared with: current, or linear if none is in force"),
          nullable(
              "in_force_plan_id", STRING, "", "plan id of that map; null before version 0.3.0"),
          column("verdict", STRING, "", "publish, keep or insufficient evidence"),
          column("reason", STRING, "", "reason, in a sentence"),
          column("micro_batches", INT, "micro-batches", "number of held-out micro-batches used"),
          nullable("gain", DOUBLE, "", "share by which the layer time decreases"),
          nullable("gain_low", DOUBLE, "", "lower end of its 95 % interval"),
          nullable("gain_high", DOUBLE, "", "upper end of its 95 % interval"),
          column("least_gain", DOUBLE, "", "gain that had to be exceeded to publish"),
          nullable(
              "moved_bytes",
              LONG,
              "bytes",
              "bytes of weights to move; null if no map was in force"),
          column("move_micros", DOUBLE, "microseconds", "time to move the weights"),
          RUN_ID);

  /** A row of {@link #DECISIONS}. */
  public record DecisionRow(
      String planId,
      String plan,
      String cluster,
      Integer slots,
      String serving,
      String precision,
      String traffic,
      String fromDay,
      String toDay,
      String command,
      String inForce,
      String inForcePlanId,
      String verdict,
      String reason,
      int microBatches,
      Double gain,
      Double gainLow,
      Double gainHigh,
      double leastGain,
      Long movedBytes,
      double moveMicros,
      String runId,
      String model,
      String day) {}

  public static final TableDefinition<CopyPriceRow> COPY_PRICES =
      ofPlan(
          CopyPriceRow.class,
          "copy_prices",
          "what a number of slots brings on a cluster under a profile, and what it costs",
          column("pool", STRING, "", "phases that the GPUs serve: both, prefill or decode"),
          column("slots_per_gpu", INT, "slots", "physical slots of a GPU in a layer"),
          nullable("predicted_layer_micros", DOUBLE, "microseconds", "mean over micro-batches"),
          lowEnd("predicted_layer_micros", "microseconds"),
          highEnd("predicted_layer_micros", "microseconds"),
          nullable(
              "gain",
              DOUBLE,
              "",
              "share of the layer time that is saved against the fewest slots; null for these"),
          lowEnd("gain", ""),
          highEnd("gain", ""),
          nullable(
              "remote_nodes_per_token",
              DOUBLE,
              "nodes",
              "mean number of other nodes that a token is sent to"),
          lowEnd("remote_nodes_per_token", "nodes"),
          highEnd("remote_nodes_per_token", "nodes"),
          nullable("max_over_mean_gpu_load", DOUBLE, "", "mean over micro-batches"),
          lowEnd("max_over_mean_gpu_load", ""),
          highEnd("max_over_mean_gpu_load", ""),
          nullable(
              "kv_tokens",
              LONG,
              "tokens",
              "tokens of KV cache that are left over all GPUs; null if the memory is not"
                  + " described"),
          nullable(
              "kv_tokens_lost",
              LONG,
              "tokens",
              "tokens of KV cache that the slots take from the fewest slots"),
          nullable(
              "knee",
              INT,
              "",
              "1 for the number of slots that the rule names, 0 for others; null if it cannot be"
                  + " judged"),
          column(
              "minimum_gain",
              DOUBLE,
              "",
              "gain that each further slot of a GPU has to bring by the rule"),
          column("cpu_seconds", DOUBLE, "seconds", "CPU time in which the plan was made"),
          column("planned_from_day", STRING, "UTC date", "first day that the plan was made from"),
          column("planned_to_day", STRING, "UTC date", "last day that the plan was made from"),
          RUN_ID);

  /** A row of {@link #COPY_PRICES}. */
  public record CopyPriceRow(
      String planId,
      String plan,
      String cluster,
      Integer slots,
      String serving,
      String precision,
      String traffic,
      String fromDay,
      String toDay,
      String pool,
      int slotsPerGpu,
      Double predictedLayerMicros,
      Double predictedLayerMicrosLow,
      Double predictedLayerMicrosHigh,
      Double gain,
      Double gainLow,
      Double gainHigh,
      Double remoteNodesPerToken,
      Double remoteNodesPerTokenLow,
      Double remoteNodesPerTokenHigh,
      Double maxOverMeanGpuLoad,
      Double maxOverMeanGpuLoadLow,
      Double maxOverMeanGpuLoadHigh,
      Long kvTokens,
      Long kvTokensLost,
      Integer knee,
      double minimumGain,
      double cpuSeconds,
      String plannedFromDay,
      String plannedToDay,
      String runId,
      String model,
      String day) {}

  private DecisionTables() {}
}
