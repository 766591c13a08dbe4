package io.sextant.jobs.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.jobs.SampleWarehouse;
import io.sextant.jobs.layers.PlanOrder;
import io.sextant.jobs.layers.PlanStage;
import io.sextant.jobs.layers.PlannedMaps;
import io.sextant.jobs.score.MovedBytes;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.window.DayRule;
import io.sextant.jobs.window.PlanningSample;
import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.migration.Moves;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Migrates from the linear map to a plan of the first requests of a sample day, within limits. */
class MigrateStageTest {
  private static final PlanTarget TARGET = SampleWarehouse.target(128, Pool.BOTH);

  @TempDir private static Path folder;
  private static SampleWarehouse warehouse;

  @BeforeAll
  static void ingest() throws Exception {
    warehouse = SampleWarehouse.of(folder, 40);
  }

  private static Migration migration(MovedBytesLimit limit) {
    CurrentMap current = CurrentMap.of(TARGET.linear(), limit);
    TraceWindow day = warehouse.day(SampleWarehouse.PLANNED_DAY, Pool.BOTH);
    PlanningSample sample =
        PlanningSample.of(warehouse.spark(), day, SampleWarehouse.MODEL, new DayRule(null, false));
    PlanOrder order = PlanOrder.of(SampleWarehouse.settings(TARGET, 1), Optional.of(current));
    PlannedMaps planned = new PlanStage(TARGET, order).run(sample, day);
    return new MigrateStage(TARGET, current).run(planned.options());
  }

  private static MovedBytesLimit limit(String text) {
    return MovedBytesLimit.of(text, TARGET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1%", "5%", "30000000"})
  void movesNoMoreBytesThanTheLimit(String text) {
    Migration migration = migration(limit(text));
    Moves moves = migration.moves();
    assertThat(moves.movedBytes()).isLessThanOrEqualTo(limit(text).bytes());
    int[][] slots = migration.current().slots();
    for (int l = 0; l < slots.length; l++) {
      assertThat(moves.layers().get(l).moves().apply(slots[l]))
          .isEqualTo(migration.chosen().physicalToLogical()[l]);
    }
    if (text.equals("0")) {
      assertThat(migration.chosen()).isEqualTo(TARGET.linear());
    }
  }

  @Test
  void theFrontGoesFromStayingToPlanningAfresh() {
    Migration migration = migration(MovedBytesLimit.none(TARGET));
    List<Plan> front = migration.front();
    assertThat(front)
        .extracting(Plan::name)
        .containsExactly("current", "1%", "2%", "5%", "10%", "20%", "40%", "replan");
    assertThat(front.get(0).slots()).isDeepEqualTo(TARGET.linear().physicalToLogical());
    assertThat(front.get(7).slots()).isDeepEqualTo(migration.chosen().physicalToLogical());
    MovedBytes moved = migration.movedBytes(front);
    assertThat(moved.total("current")).isZero();
    assertThat(moved.total("5%")).isLessThanOrEqualTo(limit("5%").bytes());
    assertThat(moved.total("replan")).isEqualTo(migration.moves().movedBytes());
  }

  @Test
  void aLimitIsBytesOrAShareOfAllExperts() {
    long expertBytes = TARGET.expertBytes();
    assertThat(limit("5%").slots()).isEqualTo(6 * 128 * 5 / 100);
    assertThat(limit("5%").bytes()).isEqualTo(38 * expertBytes);
    assertThat(limit("" + (2 * expertBytes + 1)).slots()).isEqualTo(2);
    assertThat(limit("1e30").bytes()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void refusesAMapWithOtherSlots() {
    PlacementMap larger = SampleWarehouse.target(160, Pool.BOTH).linear();
    assertThatThrownBy(() -> CurrentMap.requireFits("the map", larger, TARGET, "without --current"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "the map: layer 1: 160 slots, but 128 are planned for. Plan with the --slots of the map"
                + " in force, or without --current");
  }
}
