package io.sextant.placement.solve;

import org.optaplanner.core.api.domain.entity.PlanningEntity;
import org.optaplanner.core.api.domain.lookup.PlanningId;
import org.optaplanner.core.api.domain.variable.PlanningVariable;

/** OptaPlanner's planning entity: a slot of the layer, and the expert it holds. */
@PlanningEntity
public class PhysicalSlot {
  @PlanningId private int id;

  @PlanningVariable(valueRangeProviderRefs = "experts")
  private Integer expert;

  /** For OptaPlanner, which clones solutions. */
  public PhysicalSlot() {}

  public PhysicalSlot(int id, Integer expert) {
    this.id = id;
    this.expert = expert;
  }

  public int id() {
    return id;
  }

  /** The logical expert held; OptaPlanner finds variables by their bean names. */
  public Integer getExpert() {
    return expert;
  }

  /** As {@link #getExpert()}. */
  public void setExpert(Integer expert) {
    this.expert = expert;
  }
}
