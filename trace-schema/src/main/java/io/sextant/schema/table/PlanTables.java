package io.sextant.schema.table;

import static io.sextant.schema.table.ColumnType.DOUBLE;
import static io.sextant.schema.table.ColumnType.INT;
import static io.sextant.schema.table.ColumnType.LONG;
import static io.sextant.schema.table.ColumnType.STRING;
import static io.sextant.schema.table.Columns.LAYER;
import static io.sextant.schema.table.Columns.LAYER_OR_ALL;
import static io.sextant.schema.table.Columns.RUN_ID;
import static io.sextant.schema.table.Columns.column;
import static io.sextant.schema.table.Columns.highEnd;
import static io.sextant.schema.table.Columns.lowEnd;
import static io.sextant.schema.table.Columns.nullable;
import static io.sextant.schema.table.PlanColumns.ofPlan;
import static io.sextant.schema.table.PlanColumns.phase;

/**
 * The tables of plans and their scores, which {@code solve}, {@code compare} and {@code refresh}
 * write.
 */
public final class PlanTables {
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
      String precision,
      String traffic,
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
      String precision,
      String traffic,
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
      String precision,
      String traffic,
      String fromDay,
      String toDay,
      int layer,
      int sourceNode,
      int node,
      long tokens,
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
      String precision,
      String traffic,
      String fromDay,
      String toDay,
      long requestId,
      String source,
      Long arrivalMs,
      int node,
      String runId,
      String model,
      String day) {}

  private PlanTables() {}
}
