package io.sextant.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.SampleWarehouse;
import io.sextant.jobs.decide.DecisionTerms;
import io.sextant.jobs.migrate.CurrentMap;
import io.sextant.jobs.migrate.MovedBytesLimit;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.window.Pool;
import io.sextant.placement.decision.DecisionRule;
import io.sextant.placement.decision.MovingCost;
import io.sextant.placement.decision.Verdict;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.table.DecisionTables;
import io.sextant.schema.table.PlanTables;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plan and the decision of refresh, on the first requests of two sample days. */
class BacktestTest {
  private static final PlanTarget TARGET = SampleWarehouse.target(128, Pool.BOTH);
  private static final SolverSettings SETTINGS = SampleWarehouse.settings(TARGET, 1);

  /**
   * Publishes any gain: the fixed time of transfers is most of the layer time of this small model.
   */
  private static final DecisionTerms ANY_GAIN =
      new DecisionTerms(new DecisionRule(0, 24, 1), MovingCost.NIGHTLY_HOURS);

  @TempDir private static Path folder;
  private static SampleWarehouse warehouse;

  @BeforeAll
  static void ingest() throws Exception {
    warehouse = SampleWarehouse.of(folder, 60);
  }

  private static Backtest backtest(String runId) {
    return new Backtest(warehouse.run(TARGET, runId), ANY_GAIN);
  }

  private static Optional<CurrentMap> from(PlacementMap map, String limit) {
    return Optional.of(CurrentMap.of(map, MovedBytesLimit.of(limit, TARGET)));
  }

  @Test
  void theFirstMapIsHeldAgainstLinearAndMovesNothing() throws Exception {
    Candidate candidate = backtest("first").plan(SETTINGS, Optional.empty());
    Backtested scored = backtest("first").score(candidate);
    assertThat(candidate.inForce()).isEmpty();
    assertThat(candidate.placement()).isEqualTo(candidate.planned().sextant());
    assertThat(scored.inForcePlan()).isEqualTo(Plan.LINEAR);
    assertThat(scored.decision().verdict()).isEqualTo(Verdict.PUBLISH);
    assertThat(scored.decision().moving().bytes()).isZero();
    assertThat(scored.metrics(Plan.SEXTANT).remoteNodesPerToken())
        .isLessThan(scored.metrics(Plan.GREEDY).remoteNodesPerToken());
    assertThat(
            warehouse.rows(
                DecisionTables.DECISIONS,
                "run_id = 'first'",
                "command",
                "in_force",
                "verdict",
                "day"))
        .containsExactly("refresh linear publish 2026-09-14");
  }

  @Test
  void aPlanThatMayNotMoveIsTheMapInForceAndKeepsIt() throws Exception {
    PlacementMap current = backtest("none").plan(SETTINGS, Optional.empty()).placement();
    Candidate candidate = backtest("none").plan(SETTINGS, from(current, "0"));
    Backtested scored = backtest("none").score(candidate);
    assertThat(candidate.placement()).isEqualTo(current);
    assertThat(candidate.moves().orElseThrow().movedBytes()).isZero();
    assertThat(scored.decision().verdict()).isEqualTo(Verdict.KEEP);
    assertThat(scored.decision().gain().value()).isZero();
    assertThat(scored.metrics(Plan.SEXTANT)).isEqualTo(scored.metrics(Plan.CURRENT));
    assertThat(
            warehouse.rows(PlanTables.PLACEMENTS, "run_id = 'none' and layer = 1", "plan").stream())
        .contains(Plan.LINEAR, Plan.GREEDY, Plan.SEXTANT, Plan.CURRENT, Plan.AFRESH)
        .hasSize(5 * 128);
  }

  /** Another seed finds another map of about the same value, which is not a reason to move. */
  @Test
  void aGainBelowTheNoiseDoesNotReplaceTheMapInForce() {
    PlacementMap current = backtest("noise").plan(SETTINGS, Optional.empty()).placement();
    Backtest backtest = backtest("noise");
    Candidate candidate = backtest.plan(SampleWarehouse.settings(TARGET, 2), from(current, "100%"));
    assertThat(backtest.score(candidate).decision().verdict()).isNotEqualTo(Verdict.PUBLISH);
  }

  @Test
  void movesNoMoreThanTheLimit() {
    Candidate candidate = backtest("limit").plan(SETTINGS, from(TARGET.linear(), "5%"));
    long limit = MovedBytesLimit.of("5%", TARGET).bytes();
    Backtested scored = backtest("limit").score(candidate);
    assertThat(scored.scored().movedBytes().total(Plan.SEXTANT)).isPositive();
    assertThat(scored.scored().movedBytes().total(Plan.SEXTANT)).isLessThanOrEqualTo(limit);
    assertThat(scored.scored().movedBytes().total(Plan.AFRESH)).isGreaterThan(limit);
  }
}
