package io.sextant.jobs.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.SampleWarehouse;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.score.EvaluateJob;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanScores;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.window.DayRule;
import io.sextant.jobs.window.PlanningSample;
import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.schema.router.RouterTable;
import io.sextant.schema.trace.RequestTrace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups of the first requests of a sample day, routed on the next. */
class GroupStageTest {
  private static final int REQUESTS = 80;
  private static final PlanTarget TARGET = SampleWarehouse.target(128, Pool.BOTH);

  @TempDir private static Path folder;
  private static SampleWarehouse warehouse;
  private static Grouped grouped;

  @BeforeAll
  static void group() throws Exception {
    warehouse = SampleWarehouse.of(folder, REQUESTS);
    grouped = grouped(1);
  }

  @AfterAll
  static void close() throws Exception {
    warehouse.close();
  }

  private static Grouped grouped(long seed) {
    TraceWindow day = warehouse.day(SampleWarehouse.PLANNED_DAY, Pool.BOTH);
    PlanningSample sample =
        PlanningSample.of(warehouse.spark(), day, SampleWarehouse.MODEL, new DayRule(null, false));
    return new GroupStage(
            TARGET,
            SampleWarehouse.settings(TARGET, seed)
                .forGroups(TARGET.layout(), SampleWarehouse.MODEL.experts()),
            new Progress())
        .run(sample);
  }

  private static Map<Long, Integer> routes(String day, RouterTable router) {
    TraceWindow window = warehouse.day(day, Pool.BOTH);
    return new RouteStage(TARGET)
        .run(PlanningSample.inOrder(window.rows(warehouse.spark()), SampleWarehouse.MODEL), router);
  }

  @Test
  void theSameSeedGivesTheSamePlacementAndRouter() {
    Grouped again = grouped(1);
    assertThat(again.map()).isEqualTo(grouped.map());
    assertThat(again.router()).usingRecursiveComparison().isEqualTo(grouped.router());
    grouped.map().requireSound("the grouped plan", TARGET.layout().gpus());
  }

  @Test
  void theRouterKnowsTheNodesOfEveryExpert() {
    int[][] slots = grouped.map().physicalToLogical();
    for (int l = 0; l < slots.length; l++) {
      int[] nodes = new int[SampleWarehouse.MODEL.experts()];
      for (int p = 0; p < slots[l].length; p++) {
        nodes[slots[l][p]] |= 1 << TARGET.layout().nodeOfSlot(p);
      }
      assertThat(grouped.router().nodesOfExpert()[l]).isEqualTo(nodes);
    }
  }

  @Test
  void everyRequestGoesToOneNode() throws Exception {
    Map<Long, Integer> routes = routes(SampleWarehouse.SCORED_DAY, grouped.router());
    assertThat(routes.keySet())
        .containsExactlyInAnyOrderElementsOf(
            SampleWarehouse.requests("day08", REQUESTS).stream()
                .map(RequestTrace::requestId)
                .toList());
    assertThat(routes.values()).allMatch(node -> node >= 0 && node < TARGET.layout().nodes());
  }

  /**
   * On the nodes to which the router sends them, requests reach fewer remote nodes than on the
   * nodes that served them.
   */
  @Test
  void routedRequestsReachFewerRemoteNodes() {
    Map<Long, Integer> routes = routes(SampleWarehouse.SCORED_DAY, grouped.router());
    Plan served = Plan.of("served", grouped.map());
    Plan routed = Plan.of("routed", grouped.map()).withRoutes();
    PlanScores scores =
        new EvaluateJob(warehouse.spark(), TARGET, routes)
            .onWarehouse(
                warehouse.day(SampleWarehouse.SCORED_DAY, Pool.BOTH), List.of(served, routed));
    assertThat(scores.metrics("routed").remoteNodesPerToken())
        .isLessThan(0.95 * scores.metrics("served").remoteNodesPerToken());
    assertThat(scores.metrics("routed").tokens()).isEqualTo(scores.metrics("served").tokens());
  }
}
