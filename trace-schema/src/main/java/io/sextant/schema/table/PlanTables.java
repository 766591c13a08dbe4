package io.sextant.schema.table;

import static io.sextant.schema.table.ColumnType.DOUBLE;
import static io.sextant.schema.table.ColumnType.INT;
import static io.sextant.schema.table.ColumnType.LONG;
import static io.sextant.schema.table.ColumnType.STRING;
import static io.sextant.schema.table.Columns.LAYER;
import static io.sextant.schema.table.Columns.LAYER_OR_ALL;
import static io.sextant.schema.table.Columns.RUN_ID;
import static io.sextant.schema.table.Columns.byDay;
import static io.sextant.schema.table.Columns.column;
import static io.sextant.schema.table.Columns.highEnd;
import static io.sextant.schema.table.Columns.lowEnd;
import static io.sextant.schema.table.Columns.nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The tables that {@code solve}, {@code compare} and {@code refresh} write: plans, their scores and
 * the decisions about them.
 */
public final class PlanTables {
  private static final Column PLAN_ID =
      nullable(
          "plan_id",
          STRING,
          "",
          "id of the plan: a hash of its map, cluster, serving profile and days; null before"
              + " version 0.3.0");

  private static final Column PLAN = column("plan", STRING, "", "name of the plan in its run");

  private static final Column CLUSTER =
      nullable("cluster", STRING, "", "cluster of the run; null before version 0.3.0");

  private static final Column SLOTS =
      nullable(
          "slots",
          INT,
          "slots",
          "physical slots per layer, on average if layers differ; null before version 0.3.0");

  private static final Column SERVING =
      nullable(
          "serving",
          STRING,
          "",
          "serving profile under which the row was made; null before version 0.2.0");

  private static final Column FROM_DAY =
      nullable(
          "from_day", STRING, "UTC date", "first day that was scored; null before version 0.3.0");

  private static final Column TO_DAY =
      nullable("to_day", STRING, "UTC date", "last day that was scored; null before version 0.3.0");

  public static final TableDefinition<PlacementRow> PLACEMENTS =
      ofPlan(
          PlacementRow.class,
          "placements",
          "a physical slot of a plan",
          LAYER,
          column("slot", INT, "", "physical slot, from 0"),
          column("gpu", INT, "", "GPU of the slot, from 0"),
          column("node", INT, "", "node of the GPU, from 0"),
          column("expert", INT, "", "logical expert in the slot"),
          RUN_ID);

  /** A row of {@link #PLACEMENTS}. */
  public record PlacementRow(
      String planId,
      String plan,
      String cluster,
      Integer slots,
      String serving,
      String fromDay,
      String toDay,
      int layer,
      int slot,
      int gpu,
      int node,
      int expert,
      String runId,
      String model,
      String day) {}

  public static final TableDefinition<PlacementMetricsRow> PLACEMENT_METRICS =
      ofPlan(
          PlacementMetricsRow.class,
          "placement_metrics",
          "the scores of a plan on traces",
          LAYER_OR_ALL,
          nullable(
              "remote_nodes_per_token",
              DOUBLE,
              "nodes",
              "mean number of other nodes that a token is sent to; null if engines only counted"
                  + " tokens of each expert"),
          nullable(
              "gpus_per_token",
              DOUBLE,
              "GPUs",
              "mean number of GPUs that hold a token's experts; null if engines only counted tokens"
                  + " of each expert"),
          nullable("max_over_mean_gpu_load", DOUBLE, "", "mean over micro-batches"),
          nullable("max_over_mean_node_receive", DOUBLE, "", "mean over micro-batches"),
          nullable(
              "activated_experts_per_gpu",
              DOUBLE,
              "experts",
              "mean number of distinct experts per GPU that a decode micro-batch uses"),
          column("tokens", LONG, "tokens", "number of tokens scored"),
          column("micro_batches", LONG, "micro-batches", "number of micro-batches scored"),
          nullable("predicted_layer_micros", DOUBLE, "microseconds", "mean over micro-batches"),
          nullable(
              "remote_sends_per_token",
              DOUBLE,
              "choices",
              "mean number of a token's experts that are computed on other nodes"),
          nullable(
              "max_over_mean_nic_receive",
              DOUBLE,
              "",
              "sends received by a GPU's port, mean over micro-batches"),
          nullable(
              "tokens_left_out",
              LONG,
              "tokens",
              "number of tokens of incomplete last micro-batches"),
          phase("prefill", "remote_nodes_per_token", "nodes", "over prefill tokens alone"),
          phase("prefill", "remote_sends_per_token", "choices", "over prefill tokens alone"),
          phase("prefill", "max_over_mean_gpu_load", "", "in batches of prefill tokens alone"),
          phase(
              "prefill",
              "predicted_layer_micros",
              "microseconds",
              "in batches of prefill tokens alone"),
          phase("decode", "remote_nodes_per_token", "nodes", "over decode tokens alone"),
          phase("decode", "remote_sends_per_token", "choices", "over decode tokens alone"),
          phase("decode", "max_over_mean_gpu_load", "", "in decode steps"),
          phase("decode", "predicted_layer_micros", "microseconds", "in decode steps"),
          lowEnd("remote_nodes_per_token", "nodes"),
          highEnd("remote_nodes_per_token", "nodes"),
          lowEnd("gpus_per_token", "GPUs"),
          highEnd("gpus_per_token", "GPUs"),
          lowEnd("max_over_mean_gpu_load", ""),
          highEnd("max_over_mean_gpu_load", ""),
          lowEnd("max_over_mean_node_receive", ""),
          highEnd("max_over_mean_node_receive", ""),
          lowEnd("predicted_layer_micros", "microseconds"),
          highEnd("predicted_layer_micros", "microseconds"),
          nullable(
              "moved_bytes",
              LONG,
              "bytes",
              "bytes of expert weights that the plan moves from the map in force; null if there is"
                  + " none"),
          nullable(
              "planned_from_day",
              STRING,
              "UTC date",
              "first day that the plan was made from; null if it was not made from traces"),
          nullable(
              "planned_to_day",
              STRING,
              "UTC date",
              "last day that the plan was made from; null if it was not made from traces"),
          RUN_ID);

  /** A row of {@link #PLACEMENT_METRICS}. */
  public record PlacementMetricsRow(
      String planId,
      String plan,
      String cluster,
      Integer slots,
      String serving,
      String fromDay,
      String toDay,
      int layer,
      Double remoteNodesPerToken,
      Double gpusPerToken,
      Double maxOverMeanGpuLoad,
      Double maxOverMeanNodeReceive,
      Double activatedExpertsPerGpu,
      long tokens,
      long microBatches,
      Double predictedLayerMicros,
      Double remoteSendsPerToken,
      Double maxOverMeanNicReceive,
      Long tokensLeftOut,
      Double prefillRemoteNodesPerToken,
      Double prefillRemoteSendsPerToken,
      Double prefillMaxOverMeanGpuLoad,
      Double prefillPredictedLayerMicros,
      Double decodeRemoteNodesPerToken,
      Double decodeRemoteSendsPerToken,
      Double decodeMaxOverMeanGpuLoad,
      Double decodePredictedLayerMicros,
      Double remoteNodesPerTokenLow,
      Double remoteNodesPerTokenHigh,
      Double gpusPerTokenLow,
      Double gpusPerTokenHigh,
      Double maxOverMeanGpuLoadLow,
      Double maxOverMeanGpuLoadHigh,
      Double maxOverMeanNodeReceiveLow,
      Double maxOverMeanNodeReceiveHigh,
      Double predictedLayerMicrosLow,
      Double predictedLayerMicrosHigh,
      Long movedBytes,
      String plannedFromDay,
      String plannedToDay,
      String runId,
      String model,
      String day) {}

  public static final TableDefinition<NodeTrafficRow> NODE_TRAFFIC =
      ofPlan(
          NodeTrafficRow.class,
          "node_traffic",
          "the tokens that a plan sends from one node to another in one layer",
          LAYER,
          column("source_node", INT, "", "node on which the tokens start, from 0"),
          column("node", INT, "", "node that has some of the tokens' experts, from 0"),
          column("tokens", LONG, "tokens", "number of tokens sent, each counted once"),
          RUN_ID);

  /** A row of {@link #NODE_TRAFFIC}. */
  public record NodeTrafficRow(
      String planId,
      String plan,
      String cluster,
      Integer slots,
      String serving,
      String fromDay,
      String toDay,
      int layer,
      int sourceNode,
      int node,
      long tokens,
      String runId,
      String model,
      String day) {}

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

  public static final TableDefinition<MicroBatchGroupRow> MICRO_BATCH_GROUPS =
      ofPlan(
          MicroBatchGroupRow.class,
          "micro_batch_groups",
          "a request and the node whose group it belongs to",
          column("request_id", LONG, "", "id of the request within its source"),
          nullable(
              "source",
              STRING,
              "",
              "name of the file that the request came from; null in rows written before the column"
                  + " was added"),
          nullable(
              "arrival_ms",
              LONG,
              "milliseconds since 1970 UTC",
              "arrival of the request; null in rows written before the column was added"),
          column("node", INT, "", "node whose group it belongs to, from 0"),
          RUN_ID);

  /** A row of {@link #MICRO_BATCH_GROUPS}. */
  public record MicroBatchGroupRow(
      String planId,
      String plan,
      String cluster,
      Integer slots,
      String serving,
      String fromDay,
      String toDay,
      long requestId,
      String source,
      Long arrivalMs,
      int node,
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

  private PlanTables() {}

  /** A table about plans: every row names the plan, and what it was scored for and on. */
  private static <R extends Record> TableDefinition<R> ofPlan(
      Class<R> row, String name, String description, Column... columns) {
    List<Column> all =
        new ArrayList<>(List.of(PLAN_ID, PLAN, CLUSTER, SLOTS, SERVING, FROM_DAY, TO_DAY));
    all.addAll(List.of(columns));
    return byDay(row, name, description, all.toArray(Column[]::new));
  }

  private static Column phase(String phase, String figure, String unit, String over) {
    return nullable(phase + "_" + figure, DOUBLE, unit, "the same " + over);
  }
}
