package io.sextant.schema.table;

import java.util.List;

/** Every table of the warehouse. */
public final class Tables {
  private static final List<TableDefinition<?>> ALL =
      List.of(
          TraceTables.TRACES,
          TraceTables.REQUESTS,
          TraceTables.LOAD_COUNTS,
          TraceTables.FILES,
          TraceTables.QUARANTINE,
          UsageTables.EXPERT_LOAD,
          UsageTables.IMBALANCE,
          UsageTables.DAILY_IMBALANCE,
          UsageTables.PREFILL_DECODE,
          UsageTables.DOMAIN_SIMILARITY,
          UsageTables.COACTIVATION,
          UsageTables.DRIFT,
          PlanTables.PLACEMENTS,
          PlanTables.PLACEMENT_METRICS,
          PlanTables.NODE_TRAFFIC,
          DecisionTables.MOVES,
          DecisionTables.DECISIONS,
          PlanTables.MICRO_BATCH_GROUPS,
          DecisionTables.COPY_PRICES,
          PrecisionTables.LAYER_STATS,
          PrecisionTables.LAYER_DRIFT,
          PrecisionTables.PRECISION_SITES,
          KernelTables.KERNEL_RUNS,
          KernelTables.DISPATCH,
          SparsityTables.IMPORTANCE_WINDOWS,
          SparsityTables.PRUNING_OUTCOMES,
          SparsityTables.PRUNING_POLICIES,
          SparsityTables.SPARSITY_PLANS,
          ScalingTables.SCALING_LAWS,
          RunTables.RUNS);

  private Tables() {}

  /** All tables. */
  public static List<TableDefinition<?>> all() {
    return ALL;
  }
}
