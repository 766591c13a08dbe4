package io.sextant.jobs.decide;

import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.RowHead;
import io.sextant.jobs.table.SmallTable;
import io.sextant.placement.decision.Decision;
import io.sextant.schema.stats.Estimate;
import io.sextant.schema.table.DecisionTables;
import java.util.List;
import java.util.Optional;

/**
 * Stores a decision as a row of the warehouse, in addition to those of earlier nights.
 *
 * @param command name of the command that decided
 * @param candidate the plan that was decided about
 * @param inForce the plan that it was compared with
 */
public record DecisionRow(String command, Plan candidate, Plan inForce, Decision decision) {

  /**
   * Adds the decision.
   *
   * @param head the values that all rows of the run have in common
   */
  public void append(String warehouse, RowHead head) {
    Optional<Estimate> gain = Optional.ofNullable(decision.gain());
    boolean first = inForce.name().equals(Plan.LINEAR);
    SmallTable.append(
        List.of(
            new DecisionTables.DecisionRow(
                head.planId(candidate),
                candidate.name(),
                head.cluster(),
                head.slots(),
                head.serving(),
                head.precision(),
                head.traffic(),
                head.scored().first(),
                head.scored().last(),
                command,
                inForce.name(),
                head.planId(inForce),
                DecisionJson.word(decision.verdict()),
                decision.reason(),
                decision.microBatches(),
                gain.map(Estimate::value).orElse(null),
                gain.map(Estimate::low).orElse(null),
                gain.map(Estimate::high).orElse(null),
                decision.least(),
                // On GPUs that are loaded for the first time no expert is moved.
                first ? null : decision.moving().bytes(),
                decision.moving().moveMicros(),
                head.runId(),
                head.model(),
                head.day())),
        DecisionTables.DECISIONS,
        warehouse + "/" + DecisionTables.DECISIONS.name());
  }
}
