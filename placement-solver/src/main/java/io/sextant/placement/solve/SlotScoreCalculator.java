package io.sextant.placement.solve;

import io.sextant.placement.objective.SlotState;
import org.optaplanner.core.api.score.buildin.hardsoftlong.HardSoftLongScore;
import org.optaplanner.core.api.score.calculator.IncrementalScoreCalculator;

/**
 * OptaPlanner's incremental score: hard, experts without a copy and copies that share a GPU with
 * their like; soft, the exact objective in millionths of a remote node per token.
 */
public class SlotScoreCalculator
    implements IncrementalScoreCalculator<SlotAssignment, HardSoftLongScore> {
  /** Soft score of one remote node per token. */
  static final double PER_NODE = 1e6;

  private SlotState state;

  @Override
  public void resetWorkingSolution(SlotAssignment assignment) {
    state = assignment.context().state(assignment.slotToExpert());
  }

  @Override
  public void beforeEntityAdded(Object entity) {}

  @Override
  public void afterEntityAdded(Object entity) {}

  @Override
  public void beforeVariableChanged(Object entity, String variable) {}

  @Override
  public void afterVariableChanged(Object entity, String variable) {
    PhysicalSlot slot = (PhysicalSlot) entity;
    state.put(slot.id(), slot.getExpert() == null ? SlotState.EMPTY : slot.getExpert());
  }

  @Override
  public void beforeEntityRemoved(Object entity) {}

  @Override
  public void afterEntityRemoved(Object entity) {}

  @Override
  public HardSoftLongScore calculateScore() {
    return HardSoftLongScore.of(-state.broken(), -Math.round(state.objective() * PER_NODE));
  }
}
