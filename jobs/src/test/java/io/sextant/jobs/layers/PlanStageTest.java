package io.sextant.jobs.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.SampleWarehouse;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.window.DayRule;
import io.sextant.jobs.window.PlanningSample;
import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.trace.RequestTrace;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans of the first requests of a sample day. */
class PlanStageTest {
  private static final int REQUESTS = 40;

  @TempDir private static Path folder;
  private static SampleWarehouse warehouse;

  @BeforeAll
  static void ingest() throws Exception {
    warehouse = SampleWarehouse.of(folder, REQUESTS);
  }

  private static PlannedMaps plan(PlanTarget target, PlanOrder order) {
    TraceWindow day = warehouse.day(SampleWarehouse.PLANNED_DAY, target.pool());
    PlanningSample sample =
        PlanningSample.of(warehouse.spark(), day, SampleWarehouse.MODEL, new DayRule(null, false));
    return new PlanStage(target, order).run(sample, day);
  }

  private static PlanOrder order(PlanTarget target, long seed) {
    return PlanOrder.of(SampleWarehouse.settings(target, seed), Optional.empty());
  }

  @Test
  void theSameSeedGivesTheSamePlan() {
    PlanTarget target = SampleWarehouse.target(160, Pool.BOTH);
    PlacementMap plan = plan(target, order(target, 1)).sextant();
    assertThat(plan(target, order(target, 1)).sextant()).isEqualTo(plan);
    assertThat(plan(target, order(target, 2)).sextant()).isNotEqualTo(plan);
    plan.requireSound("the plan", target.layout().gpus());
  }

  @Test
  void greedyIsTheBaselinesOwnAnswerToTheCountedTokens() throws Exception {
    PlanTarget target = SampleWarehouse.target(160, Pool.BOTH);
    PlannedMaps planned = plan(target, order(target, 1));
    List<RequestTrace> requests = SampleWarehouse.requests("day07", REQUESTS);
    for (int l = 0; l < SampleWarehouse.MODEL.moeLayers().size(); l++) {
      double[] load = new double[SampleWarehouse.MODEL.experts()];
      for (RequestTrace request : requests) {
        for (short expert : request.experts()[l]) {
          load[expert]++;
        }
      }
      assertThat(planned.greedy().physicalToLogical()[l])
          .isEqualTo(EplbPlacement.global(load, target.layout()));
    }
    long tokens = requests.stream().mapToLong(RequestTrace::tokens).sum();
    assertThat(planned.sampledTokens()).isEqualTo(tokens);
    assertThat(planned.windowTokens()).isEqualTo(tokens);
  }

  @Test
  void aPlannersAnswerDoesNotDependOnTheOthers() {
    PlanTarget target = SampleWarehouse.target(128, Pool.BOTH);
    PlannedMaps two = plan(target, order(target, 3));
    PlannedMaps all =
        plan(
            target,
            new PlanOrder(
                List.of(Planner.values()),
                SampleWarehouse.settings(target, 3),
                Optional.empty(),
                false));
    assertThat(all.sextant()).isEqualTo(two.sextant());
    assertThat(all.greedy()).isEqualTo(two.greedy());
    assertThat(all.maps().get(Planner.LINEAR)).isEqualTo(target.linear());
    assertThat(all.cpuSeconds()).containsOnlyKeys(Planner.values());
  }

  @Test
  void unevenLayersShareTheSlotsOfAllLayers() {
    PlanTarget target = SampleWarehouse.target(160, Pool.BOTH);
    PlacementMap map = plan(target, order(target, 1).uneven(true)).sextant();
    int layers = SampleWarehouse.MODEL.moeLayers().size();
    assertThat(Arrays.stream(map.physicalToLogical()).mapToInt(row -> row.length).sum())
        .isLessThanOrEqualTo(160 * layers);
    map.requireSound("the plan", target.layout().gpus());
  }

  /** A decode pool is planned on other rows and balanced by other loads. */
  @Test
  void aPoolIsPlannedOnItsOwnRows() throws Exception {
    PlanTarget target = SampleWarehouse.target(128, Pool.DECODE);
    PlannedMaps planned = plan(target, order(target, 1));
    assertThat(planned.windowTokens())
        .isEqualTo(
            SampleWarehouse.requests("day07", REQUESTS).stream()
                .mapToLong(RequestTrace::decodeTokens)
                .sum());
  }
}
