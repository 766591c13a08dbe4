package io.sextant.jobs.plan;

import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.RowHead;
import io.sextant.jobs.table.SmallTable;
import io.sextant.schema.placement.PlanOrigin;
import io.sextant.schema.placement.PlannedFor;
import io.sextant.schema.table.PlanTables;
import io.sextant.schema.table.PlanTables.PlacementMetricsRow;
import io.sextant.schema.table.PlanTables.PlacementRow;
import java.util.ArrayList;
import java.util.List;

/**
 * Stores plans that were made and scored from counts as rows of the warehouse. Figures that need
 * the experts of each token are null.
 */
record LoadOnlyRows(RowHead head) {
  private static final int ALL_LAYERS = -1;

  /** Balance by counts does not depend on how copies are chosen. */
  private static final String SERVING = PlannedFor.NONE.serving();

  /**
   * A plan's balance.
   *
   * @param layers load of the busiest GPU divided by the mean, by layer
   * @param mean the mean over the layers
   */
  record Scored(Plan plan, double[] layers, double mean) {}

  /**
   * Writes {@code placements} and {@code placement_metrics}.
   *
   * @param plans the plans, Sextant's last
   * @param later the counts that the plans were scored on
   */
  void write(String warehouse, List<Scored> plans, LoadSamples later) {
    List<PlacementRow> slots = new ArrayList<>();
    List<PlacementMetricsRow> metrics = new ArrayList<>();
    List<Integer> layerIds = head.ids().target().model().moeLayers();
    long[] tokens = new long[layerIds.size()];
    long all = 0;
    for (int l = 0; l < tokens.length; l++) {
      tokens[l] = later.choices(l) / head.ids().target().model().topK();
      all += tokens[l];
    }
    for (Scored scored : plans) {
      slots.addAll(new SlotRows(head, SERVING).of(scored.plan()));
      metrics.add(row(scored.plan(), ALL_LAYERS, scored.mean(), all, later.steps()));
      for (int l = 0; l < tokens.length; l++) {
        metrics.add(
            row(scored.plan(), layerIds.get(l), scored.layers()[l], tokens[l], later.steps()));
      }
    }
    String file = head.file(plans.get(plans.size() - 1).plan(), null);
    SmallTable.replace(
        slots, PlanTables.PLACEMENTS, warehouse + "/" + PlanTables.PLACEMENTS.name(), file);
    SmallTable.replace(
        metrics,
        PlanTables.PLACEMENT_METRICS,
        warehouse + "/" + PlanTables.PLACEMENT_METRICS.name(),
        file);
  }

  private PlacementMetricsRow row(Plan plan, int layer, double gpuLoad, long tokens, long steps) {
    PlanOrigin origin = head.ids().origin(plan);
    return new PlacementMetricsRow(
        head.planId(plan),
        plan.name(),
        head.cluster(),
        head.slots(),
        SERVING,
        head.precision(),
        head.traffic(),
        head.scored().first(),
        head.scored().last(),
        layer,
        null,
        null,
        gpuLoad,
        null,
        null,
        tokens,
        steps,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        origin.plannedFrom(),
        origin.plannedTo(),
        head.runId(),
        head.model(),
        head.day());
  }
}
