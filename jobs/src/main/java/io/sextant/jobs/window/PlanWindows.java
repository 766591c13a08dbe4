package io.sextant.jobs.window;

/**
 * The days from which a plan is made and the days on which it is scored.
 *
 * @param planOn the window to plan on
 * @param scoreOn the window to score on, preferably of later days
 * @param daysAlike whether all days to plan on have the same weight
 */
public record PlanWindows(TraceWindow planOn, TraceWindow scoreOn, boolean daysAlike) {

  /** The weights of the days: by default a plan is made for the first day on which it is scored. */
  public DayRule dayRule() {
    return new DayRule(planOn.equals(scoreOn) ? null : scoreOn.firstDay(), daysAlike);
  }
}
