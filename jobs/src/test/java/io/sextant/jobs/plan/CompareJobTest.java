package io.sextant.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.jobs.SampleWarehouse;
import io.sextant.jobs.decide.DecisionTerms;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.window.Pool;
import io.sextant.placement.decision.DecisionRule;
import io.sextant.placement.decision.MovingCost;
import io.sextant.placement.decision.Verdict;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.table.DecisionTables;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares Sextant with the other methods on the first requests of two sample days. */
class CompareJobTest {
  private static final PlanTarget TARGET = SampleWarehouse.target(128, Pool.BOTH);

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

  private static CompareJob job(String runId) {
    return new CompareJob(warehouse.run(TARGET, runId), SampleWarehouse.settings(TARGET, 1));
  }

  @Test
  void decidesAgainstTheMapInForceAndKeepsTheDecision() throws Exception {
    Plan current = Plan.of(Plan.CURRENT, TARGET.linear());
    Comparison found = job("compared").run(List.of(current), Optional.of(current), ANY_GAIN);
    assertThat(found.scores().plans())
        .containsExactly(
            "linear", "eplb", "eplb-hierarchical", "coactivation", "flashlb", "sextant", "current");
    assertThat(found.scores().metrics(Plan.CURRENT)).isEqualTo(found.scores().metrics(Plan.LINEAR));
    assertThat(found.obstacles()).isEmpty();
    assertThat(found.decision().orElseThrow().verdict()).isEqualTo(Verdict.PUBLISH);
    assertThat(
            warehouse.rows(DecisionTables.DECISIONS, "run_id = 'compared'", "command", "in_force"))
        .containsExactly("compare current");
  }

  @Test
  void aMethodsNameIsTaken() {
    Plan named = Plan.of("eplb", TARGET.linear());
    assertThatThrownBy(
            () -> job("named").run(List.of(named), Optional.empty(), DecisionTerms.NIGHTLY))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("--plan eplb: there is another plan with that name");
  }
}
