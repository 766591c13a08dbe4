package io.sextant.jobs.decide;

import io.sextant.jobs.score.Plan;
import io.sextant.jobs.table.SmallTable;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.decision.Decision;
import io.sextant.placement.decision.Interval;
import io.sextant.schema.table.Tables;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.RowFactory;

/**
 * Keeps a decision as a row of the warehouse, beside those of former nights.
 *
 * @param command what decided
 * @param inForce name of the plan that the candidate was held against
 */
public record DecisionRow(String command, String inForce, Decision decision) {

  /**
   * Adds it.
   *
   * @param day the last day scored on
   */
  public void append(TraceWindow scoreWindow, String day, String runId) {
    Optional<Interval> gain = Optional.ofNullable(decision.gain());
    boolean first = inForce.equals(Plan.LINEAR);
    SmallTable.append(
        List.of(
            RowFactory.create(
                command,
                Plan.SEXTANT,
                inForce,
                DecisionJson.word(decision.verdict()),
                decision.reason(),
                decision.microBatches(),
                gain.map(Interval::mean).orElse(null),
                gain.map(Interval::low).orElse(null),
                gain.map(Interval::high).orElse(null),
                decision.least(),
                // Nothing is moved onto GPUs that are loaded for the first time.
                first ? null : decision.moving().bytes(),
                decision.moving().moveMicros(),
                runId,
                scoreWindow.model(),
                day)),
        Tables.DECISIONS,
        scoreWindow.warehouse() + "/" + Tables.DECISIONS.name());
  }
}
