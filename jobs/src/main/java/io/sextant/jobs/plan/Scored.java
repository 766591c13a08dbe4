package io.sextant.jobs.plan;

import io.sextant.jobs.score.MovedBytes;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanIds;
import io.sextant.jobs.score.PlanScores;
import io.sextant.jobs.score.ScoreTable;
import io.sextant.schema.placement.PlanId;
import java.util.List;

/**
 * Plans and their scores.
 *
 * @param plans the plans, in the order in which they are shown
 * @param scores figures of every plan
 * @param movedBytes bytes that each plan moves from the map in force
 * @param ids the ids of the plans
 */
public record Scored(List<Plan> plans, PlanScores scores, MovedBytes movedBytes, PlanIds ids) {

  /** Some of the plans, in another order. */
  Scored only(List<Plan> some) {
    return new Scored(some, scores.only(some.stream().map(Plan::name).toList()), movedBytes, ids);
  }

  /**
   * The plan of this name.
   *
   * @throws java.util.NoSuchElementException if there is none
   */
  Plan plan(String name) {
    return plans.stream().filter(plan -> plan.name().equals(name)).findFirst().orElseThrow();
  }

  /** The id of the plan of this name. */
  public PlanId id(String name) {
    return ids.of(plan(name));
  }

  /** The scores as text, JSON and rows of the warehouse. */
  public ScoreTable table() {
    return new ScoreTable(scores, movedBytes).identifiedBy(ids, plans);
  }
}
