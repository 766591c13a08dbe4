package io.sextant.jobs.window;

/**
 * The days that a plan is made from and the days that it is scored on.
 *
 * @param planOn the window to plan on
 * @param scoreOn the window to score on, preferably of later days
 * @param daysAlike whether all days to plan on count the same
 */
public record PlanWindows(TraceWindow planOn, TraceWindow scoreOn, boolean daysAlike) {

  /** How much each day counts: by default a plan is for the first day that it is scored on. */
  public DayRule dayRule() {
    return new DayRule(planOn.equals(scoreOn) ? null : scoreOn.firstDay(), daysAlike);
  }
}
