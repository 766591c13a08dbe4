package io.sextant.jobs.plan;

import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.RowHead;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.table.PlanTables.PlacementRow;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the rows of {@code placements}: one per slot of a plan.
 *
 * @param serving name of the serving profile that the plans were made for
 */
record SlotRows(RowHead head, String serving) {

  List<PlacementRow> of(Plan plan) {
    String id = head.planId(plan);
    List<Integer> layers = head.ids().target().model().moeLayers();
    List<PlacementRow> rows = new ArrayList<>();
    for (int l = 0; l < plan.slots().length; l++) {
      int[] slots = plan.slots()[l];
      SlotLayout own = head.ids().target().layout().withSlots(slots.length);
      for (int p = 0; p < slots.length; p++) {
        rows.add(
            new PlacementRow(
                id,
                plan.name(),
                head.cluster(),
                head.slots(),
                serving,
                head.precision(),
                head.traffic(),
                head.scored().first(),
                head.scored().last(),
                layers.get(l),
                p,
                own.gpuOfSlot(p),
                own.nodeOfSlot(p),
                slots[p],
                head.runId(),
                head.model(),
                head.day()));
      }
    }
    return rows;
  }
}
