package io.sextant.jobs.plan;

import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanScores;
import io.sextant.jobs.score.ScoreRows;
import io.sextant.jobs.table.SmallTable;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.migration.LayerMoves;
import io.sextant.placement.migration.MoveStep;
import io.sextant.placement.migration.Moves;
import io.sextant.placement.migration.SlotWrite;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.table.PlanTables;
import io.sextant.schema.table.PlanTables.MoveRow;
import io.sextant.schema.table.PlanTables.NodeTrafficRow;
import io.sextant.schema.table.PlanTables.PlacementRow;
import io.sextant.schema.table.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Stores plans and their scores as rows of the warehouse, for analysts and the report. */
record PlanRows(ModelSpec model, SlotLayout layout, String serving, String runId) {

  /**
   * Writes {@code placements}, {@code placement_metrics}, {@code node_traffic} and {@code moves}.
   *
   * @param day the last day of the scoring window
   * @param movedTo name of the plan to which the moves lead
   * @param moves the moves from the map in force to that plan; empty if no map is in force
   */
  void write(
      TraceWindow scoreWindow, String day, Scored scored, String movedTo, Optional<Moves> moves) {
    write(
        new ScoreRows(scored.scores(), scored.movedBytes())
            .rows(model.moeLayers(), runId, model.name(), day),
        PlanTables.PLACEMENT_METRICS,
        scoreWindow);
    List<PlacementRow> slots = new ArrayList<>();
    List<NodeTrafficRow> traffic = new ArrayList<>();
    for (Plan plan : scored.plans()) {
      addSlots(slots, plan, day);
      addTraffic(traffic, plan.name(), scored.scores(), day);
    }
    write(slots, PlanTables.PLACEMENTS, scoreWindow);
    write(traffic, PlanTables.NODE_TRAFFIC, scoreWindow);
    moves.ifPresent(of -> write(moveRows(of, movedTo, day), PlanTables.MOVES, scoreWindow));
  }

  private <R extends Record> void write(
      List<R> rows, TableDefinition<R> table, TraceWindow window) {
    SmallTable.write(rows, table, window.warehouse() + "/" + table.name());
  }

  private void addSlots(List<PlacementRow> rows, Plan plan, String day) {
    for (int l = 0; l < plan.slots().length; l++) {
      int[] slots = plan.slots()[l];
      SlotLayout own = layout.withSlots(slots.length);
      for (int p = 0; p < slots.length; p++) {
        rows.add(
            new PlacementRow(
                plan.name(),
                serving,
                model.moeLayers().get(l),
                p,
                own.gpuOfSlot(p),
                own.nodeOfSlot(p),
                slots[p],
                runId,
                model.name(),
                day));
      }
    }
  }

  private void addTraffic(List<NodeTrafficRow> rows, String plan, PlanScores scores, String day) {
    int nodes = layout.nodes();
    for (int l = 0; l < scores.layers(); l++) {
      long[] sent = scores.sentTokens(plan, l);
      for (int link = 0; sent != null && link < sent.length; link++) {
        int source = link / nodes;
        int node = link % nodes;
        if (source != node) {
          rows.add(
              new NodeTrafficRow(
                  plan,
                  serving,
                  model.moeLayers().get(l),
                  source,
                  node,
                  sent[link],
                  runId,
                  model.name(),
                  day));
        }
      }
    }
  }

  private List<MoveRow> moveRows(Moves moves, String plan, String day) {
    List<MoveRow> rows = new ArrayList<>();
    for (LayerMoves layer : moves.layers()) {
      List<MoveStep> steps = layer.moves().steps();
      for (int step = 0; step < steps.size(); step++) {
        for (SlotWrite write : steps.get(step).writes()) {
          int gpu = layout.gpuOfSlot(write.slot());
          int fromGpu = layout.gpuOfSlot(write.fromSlot());
          rows.add(
              new MoveRow(
                  plan,
                  serving,
                  layer.layer(),
                  step,
                  write.slot(),
                  write.expert(),
                  write.fromSlot(),
                  gpu,
                  fromGpu,
                  layout.nodeOfSlot(write.slot()),
                  layout.nodeOfSlot(write.fromSlot()),
                  gpu == fromGpu ? 0 : moves.expertBytes(),
                  runId,
                  model.name(),
                  day));
        }
      }
    }
    return rows;
  }
}
