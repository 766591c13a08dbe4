package io.sextant.jobs.plan;

import io.sextant.jobs.score.MovedBytes;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanScores;
import io.sextant.jobs.score.ScoreTable;
import java.util.List;

/**
 * Plans and their scores.
 *
 * @param plans the plans, in the order to show them in
 * @param scores figures of every plan
 * @param movedBytes what each plan moves from the map in force
 */
public record Scored(List<Plan> plans, PlanScores scores, MovedBytes movedBytes) {

  /** Some of the plans, in another order. */
  Scored only(List<Plan> some) {
    return new Scored(some, scores.only(some.stream().map(Plan::name).toList()), movedBytes);
  }

  /** The scores for people, programs and the warehouse. */
  public ScoreTable table() {
    return new ScoreTable(scores, movedBytes);
  }
}
