package io.sextant.jobs.plan;

import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanScores;
import io.sextant.jobs.score.RowHead;
import io.sextant.jobs.score.ScoreRows;
import io.sextant.jobs.table.SmallTable;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.migration.LayerMoves;
import io.sextant.placement.migration.MoveStep;
import io.sextant.placement.migration.Moves;
import io.sextant.placement.migration.SlotWrite;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.table.DecisionTables;
import io.sextant.schema.table.DecisionTables.MoveRow;
import io.sextant.schema.table.PlanTables;
import io.sextant.schema.table.PlanTables.NodeTrafficRow;
import io.sextant.schema.table.PlanTables.PlacementRow;
import io.sextant.schema.table.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Stores plans and their scores as rows of the warehouse, for analysts and the report. */
record PlanRows(RowHead head) {

  /**
   * Writes {@code placements}, {@code placement_metrics}, {@code node_traffic} and {@code moves}.
   *
   * @param scored the plans, among them Sextant's
   * @param moves the moves from the map in force to Sextant's plan; empty if no map is in force
   */
  void write(TraceWindow scoreWindow, Scored scored, Optional<Moves> moves) {
    Plan made = scored.plan(Plan.SEXTANT);
    Plan inForce = moves.isEmpty() ? null : scored.plan(Plan.CURRENT);
    Target target = new Target(scoreWindow.warehouse(), head.file(made, inForce));
    target.write(
        new ScoreRows(scored.scores(), scored.movedBytes()).rows(scored.plans(), layers(), head),
        PlanTables.PLACEMENT_METRICS);
    List<PlacementRow> slots = new ArrayList<>();
    List<NodeTrafficRow> traffic = new ArrayList<>();
    for (Plan plan : scored.plans()) {
      slots.addAll(new SlotRows(head, head.serving()).of(plan));
      addTraffic(traffic, plan, scored.scores());
    }
    target.write(slots, PlanTables.PLACEMENTS);
    target.write(traffic, PlanTables.NODE_TRAFFIC);
    moves.ifPresent(of -> target.write(moveRows(of, made), DecisionTables.MOVES));
  }

  /** The file of each table that holds the rows of the run. */
  private record Target(String warehouse, String file) {
    <R extends Record> void write(List<R> rows, TableDefinition<R> table) {
      SmallTable.replace(rows, table, warehouse + "/" + table.name(), file);
    }
  }

  private List<Integer> layers() {
    return head.ids().target().model().moeLayers();
  }

  private SlotLayout layout() {
    return head.ids().target().layout();
  }

  private void addTraffic(List<NodeTrafficRow> rows, Plan plan, PlanScores scores) {
    String id = head.planId(plan);
    int nodes = layout().nodes();
    for (int l = 0; l < scores.layers(); l++) {
      long[] sent = scores.sentTokens(plan.name(), l);
      for (int link = 0; sent != null && link < sent.length; link++) {
        int source = link / nodes;
        int node = link % nodes;
        if (source != node) {
          rows.add(
              new NodeTrafficRow(
                  id,
                  plan.name(),
                  head.cluster(),
                  head.slots(),
                  head.serving(),
                  head.precision(),
                  head.traffic(),
                  head.scored().first(),
                  head.scored().last(),
                  layers().get(l),
                  source,
                  node,
                  sent[link],
                  head.runId(),
                  head.model(),
                  head.day()));
        }
      }
    }
  }

  private List<MoveRow> moveRows(Moves moves, Plan plan) {
    String id = head.planId(plan);
    List<MoveRow> rows = new ArrayList<>();
    for (LayerMoves layer : moves.layers()) {
      List<MoveStep> steps = layer.moves().steps();
      for (int step = 0; step < steps.size(); step++) {
        for (SlotWrite write : steps.get(step).writes()) {
          int gpu = layout().gpuOfSlot(write.slot());
          int fromGpu = layout().gpuOfSlot(write.fromSlot());
          rows.add(
              new MoveRow(
                  id,
                  plan.name(),
                  head.cluster(),
                  head.slots(),
                  head.serving(),
                  head.precision(),
                  head.traffic(),
                  head.scored().first(),
                  head.scored().last(),
                  layer.layer(),
                  step,
                  write.slot(),
                  write.expert(),
                  write.fromSlot(),
                  gpu,
                  fromGpu,
                  layout().nodeOfSlot(write.slot()),
                  layout().nodeOfSlot(write.fromSlot()),
                  gpu == fromGpu ? 0 : moves.expertBytes(),
                  head.runId(),
                  head.model(),
                  head.day()));
        }
      }
    }
    return rows;
  }
}
