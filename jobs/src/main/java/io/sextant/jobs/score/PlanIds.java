package io.sextant.jobs.score;

import io.sextant.jobs.day.DayRange;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.schema.placement.PlanId;
import io.sextant.schema.placement.PlanInputs;
import io.sextant.schema.placement.PlanOrigin;
import java.util.Set;

/**
 * The ids of the plans of a run.
 *
 * @param target the target that the plans are made for
 * @param planned the days that plans are made from
 * @param traffic how the traffic that is planned for and scored differs from the recorded one; null
 *     if it does not
 */
public record PlanIds(PlanTarget target, DayRange planned, String traffic) {
  private static final Set<String> NOT_MADE_FROM_TRACES = Set.of(Plan.LINEAR, Plan.CURRENT);

  /** The ids of plans for the traffic that was recorded. */
  public PlanIds(PlanTarget target, DayRange planned) {
    this(target, planned, null);
  }

  /** The id of a plan: the one that it already has, or one made from its content. */
  public PlanId of(Plan plan) {
    return plan.id() == null ? origin(plan).id() : plan.id();
  }

  /** The content of a plan's id. */
  public PlanOrigin origin(Plan plan) {
    return PlanOrigin.of(target.map(plan.slots()), inputs(plan));
  }

  private PlanInputs inputs(Plan plan) {
    PlanInputs inputs = target.inputs(planned.first(), planned.last()).under(traffic);
    return NOT_MADE_FROM_TRACES.contains(plan.name()) ? inputs.withoutTraces() : inputs;
  }
}
