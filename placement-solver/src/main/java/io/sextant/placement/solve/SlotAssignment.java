package io.sextant.placement.solve;

import io.sextant.placement.search.LayerContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.optaplanner.core.api.domain.solution.PlanningEntityCollectionProperty;
import org.optaplanner.core.api.domain.solution.PlanningScore;
import org.optaplanner.core.api.domain.solution.PlanningSolution;
import org.optaplanner.core.api.domain.valuerange.ValueRangeProvider;
import org.optaplanner.core.api.score.buildin.hardsoftlong.HardSoftLongScore;

/** OptaPlanner's planning solution: every slot of one layer with its expert. */
@PlanningSolution
public class SlotAssignment {
  @PlanningEntityCollectionProperty private List<PhysicalSlot> slots;

  private List<Integer> experts;

  @PlanningScore private HardSoftLongScore score;

  private LayerContext context;

  /** For OptaPlanner, which clones solutions. */
  public SlotAssignment() {}

  public SlotAssignment(LayerContext context, int[] slotToExpert) {
    this.context = context;
    this.slots = new ArrayList<>(slotToExpert.length);
    for (int p = 0; p < slotToExpert.length; p++) {
      slots.add(new PhysicalSlot(p, slotToExpert[p]));
    }
    this.experts = IntStream.range(0, context.problem().tokens().experts()).boxed().toList();
  }

  /** The values a slot can take; OptaPlanner finds it by its bean name. */
  @ValueRangeProvider(id = "experts")
  public List<Integer> getExperts() {
    return experts;
  }

  public List<PhysicalSlot> slots() {
    return slots;
  }

  public LayerContext context() {
    return context;
  }

  public HardSoftLongScore score() {
    return score;
  }

  public int[] slotToExpert() {
    return slots.stream().mapToInt(PhysicalSlot::getExpert).toArray();
  }
}
