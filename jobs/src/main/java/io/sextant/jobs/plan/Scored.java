package io.sextant.jobs.plan;

import io.sextant.jobs.score.MovedBytes;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanScores;
import io.sextant.jobs.score.ScoreTable;
import java.util.List;

/**
 * Plans and their scores.
 *
 * @param plans the plans, in the order in which they are shown
 * @param scores figures of every plan
 * @param movedBytes bytes that each plan moves from the map in force
 */
public record Scored(List<Plan> plans, PlanScores scores, MovedBytes movedBytes) {

  /** Some of the plans, in another order. */
  Scored only(List<Plan> some) {
    return new Scored(some, scores.only(some.stream().map(Plan::name).toList()), movedBytes);
  }

  /** The scores as text, JSON and rows of the warehouse. */
  public ScoreTable table() {
    return new ScoreTable(scores, movedBytes);
  }
}
