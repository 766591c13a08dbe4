package io.sextant.jobs.decide;

import io.sextant.jobs.score.Plan;
import io.sextant.jobs.table.SmallTable;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.decision.Decision;
import io.sextant.schema.stats.Estimate;
import io.sextant.schema.table.PlanTables;
import java.util.List;
import java.util.Optional;

/**
 * Stores a decision as a row of the warehouse, in addition to those of earlier nights.
 *
 * @param command name of the command that decided
 * @param serving name of the serving profile under which the plans were scored
 * @param inForce name of the plan that the candidate was compared with
 */
public record DecisionRow(String command, String serving, String inForce, Decision decision) {

  /**
   * Adds the decision.
   *
   * @param day the last day of the scoring window
   */
  public void append(TraceWindow scoreWindow, String day, String runId) {
    Optional<Estimate> gain = Optional.ofNullable(decision.gain());
    boolean first = inForce.equals(Plan.LINEAR);
    SmallTable.append(
        List.of(
            new PlanTables.DecisionRow(
                command,
                Plan.SEXTANT,
                serving,
                inForce,
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
                runId,
                scoreWindow.model(),
                day)),
        PlanTables.DECISIONS,
        scoreWindow.warehouse() + "/" + PlanTables.DECISIONS.name());
  }
}
