package io.sextant.benchmarks;

import io.sextant.placement.solve.PhysicalSlot;
import io.sextant.placement.solve.SlotAssignment;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.optaplanner.core.api.score.director.ScoreDirector;
import org.optaplanner.core.impl.heuristic.move.AbstractMove;

/** OptaPlanner's move: some slots get other experts, all at once. */
final class Reassignment extends AbstractMove<SlotAssignment> {
  private final List<PhysicalSlot> slots;
  private final List<Integer> experts;

  /**
   * @param experts what each of the slots then holds
   */
  Reassignment(List<PhysicalSlot> slots, List<Integer> experts) {
    this.slots = slots;
    this.experts = experts;
  }

  /** Each slot gets the expert of the next one, the last that of the first. */
  static Reassignment rotating(PhysicalSlot... slots) {
    Integer[] experts = new Integer[slots.length];
    for (int i = 0; i < slots.length; i++) {
      experts[i] = slots[(i + 1) % slots.length].getExpert();
    }
    return new Reassignment(List.of(slots), List.of(experts));
  }

  /** The two exchanges together. */
  Reassignment and(Reassignment other) {
    PhysicalSlot[] all =
        Arrays.copyOf(slots.toArray(PhysicalSlot[]::new), slots.size() + other.slots.size());
    Integer[] held = Arrays.copyOf(experts.toArray(Integer[]::new), all.length);
    for (int i = 0; i < other.slots.size(); i++) {
      all[slots.size() + i] = other.slots.get(i);
      held[slots.size() + i] = other.experts.get(i);
    }
    return new Reassignment(List.of(all), List.of(held));
  }

  @Override
  public boolean isMoveDoable(ScoreDirector<SlotAssignment> director) {
    // A slot that stands twice would be given two experts.
    if (slots.stream().distinct().count() < slots.size()) {
      return false;
    }
    for (int i = 0; i < slots.size(); i++) {
      if (!slots.get(i).getExpert().equals(experts.get(i))) {
        return true;
      }
    }
    return false;
  }

  @Override
  protected Reassignment createUndoMove(ScoreDirector<SlotAssignment> director) {
    return new Reassignment(slots, slots.stream().map(PhysicalSlot::getExpert).toList());
  }

  @Override
  protected void doMoveOnGenuineVariables(ScoreDirector<SlotAssignment> director) {
    for (int i = 0; i < slots.size(); i++) {
      director.beforeVariableChanged(slots.get(i), "expert");
      slots.get(i).setExpert(experts.get(i));
      director.afterVariableChanged(slots.get(i), "expert");
    }
  }

  @Override
  public Collection<?> getPlanningEntities() {
    return slots;
  }

  @Override
  public Collection<?> getPlanningValues() {
    return experts;
  }
}
