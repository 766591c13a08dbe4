package io.sextant.jobs.migrate;

import io.sextant.jobs.score.Plan;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.placement.migration.LayerOption;
import io.sextant.placement.migration.MigrationPlan;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses the new map of each layer, starting from the map in force, within the given limit and
 * within other limits.
 */
public record MigrateStage(PlanTarget target, CurrentMap current) {
  /** Limits of the front, in per cent of the weights of all logical experts. */
  private static final int[] PERCENT = {0, 1, 2, 5, 10, 20, 40};

  private static final String REPLAN = "replan";

  /**
   * @param options the maps that each layer could change to
   */
  public Migration run(List<List<LayerOption>> options) {
    List<Plan> front = new ArrayList<>();
    long experts = (long) target.model().experts() * target.model().moeLayers().size();
    for (int percent : PERCENT) {
      Plan plan =
          new Plan(
              percent == 0 ? Plan.CURRENT : percent + "%",
              MigrationPlan.within(options, experts * percent / 100).slots());
      front.add(percent == 0 ? plan.withId(current.id()) : plan);
    }
    front.add(new Plan(REPLAN, MigrationPlan.within(options, CurrentMap.UNLIMITED).slots()));
    return new Migration(
        target,
        current,
        target.map(MigrationPlan.within(options, current.maxMovedSlots()).slots()),
        List.copyOf(front));
  }
}
