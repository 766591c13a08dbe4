package io.sextant.jobs.score;

import io.sextant.jobs.day.DayRange;
import io.sextant.jobs.serving.PlanTarget;

/**
 * The values that all rows of a run in the tables about plans have in common.
 *
 * @param ids the ids of the plans
 * @param scored the days that were scored
 * @param runId id of the run
 */
public record RowHead(PlanIds ids, DayRange scored, String runId) {

  public String planId(Plan plan) {
    return ids.of(plan).value();
  }

  public String cluster() {
    return target().cluster().name();
  }

  /** Physical slots per layer. */
  public int slots() {
    return target().layout().slots();
  }

  public String serving() {
    return target().profile().name();
  }

  public String precision() {
    return target().packaging().name();
  }

  /** How the traffic differs from the recorded one; null if it does not. */
  public String traffic() {
    return ids.traffic();
  }

  public String model() {
    return target().model().name();
  }

  /** The day under which rows are stored: the last one that was scored. */
  public String day() {
    return scored.last();
  }

  private PlanTarget target() {
    return ids.target();
  }

  /**
   * The name of the file that holds a run's rows of a table. Two runs that lead from the same map
   * to the same plan and score it on the same days have the same rows, so the later file replaces
   * the earlier one; files of other plans stay.
   *
   * @param plan the plan that the run made
   * @param inForce the map in force that the run started from; null if there was none
   */
  public String file(Plan plan, Plan inForce) {
    String from = inForce == null ? "none" : planId(inForce);
    // The id of a map that an earlier run made does not say what it is scored for now.
    String scoredFor = ids.origin(plan).id().value();
    return "%s-from-%s-on-%s-to-%s".formatted(scoredFor, from, scored.first(), scored.last());
  }
}
