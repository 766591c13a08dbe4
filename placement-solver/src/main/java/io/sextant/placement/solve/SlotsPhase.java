package io.sextant.placement.solve;

import io.sextant.placement.search.LayerContext;
import java.util.function.Function;
import org.optaplanner.core.api.score.director.ScoreDirector;
import org.optaplanner.core.impl.phase.custom.CustomPhaseCommand;

/** A phase of OptaPlanner in which a search of ours decides the experts of all slots. */
final class SlotsPhase implements CustomPhaseCommand<SlotAssignment> {
  private final Function<LayerContext, int[]> search;

  /**
   * @param search gives the logical expert of each slot
   */
  SlotsPhase(Function<LayerContext, int[]> search) {
    this.search = search;
  }

  @Override
  public void changeWorkingSolution(ScoreDirector<SlotAssignment> director) {
    SlotAssignment assignment = director.getWorkingSolution();
    int[] found = search.apply(assignment.context());
    for (PhysicalSlot slot : assignment.slots()) {
      director.beforeVariableChanged(slot, "expert");
      slot.setExpert(found[slot.id()]);
      director.afterVariableChanged(slot, "expert");
    }
    director.triggerVariableListeners();
  }
}
