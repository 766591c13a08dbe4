package io.sextant.jobs.plan;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.SampleWarehouse;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.group.GroupOrder;
import io.sextant.jobs.migrate.CurrentMap;
import io.sextant.jobs.migrate.MovedBytesLimit;
import io.sextant.jobs.mix.TrafficChange;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.window.PlanWindows;
import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.migration.MovesFile;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.placement.PlanOrigin;
import io.sextant.schema.router.RouterTable;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.RouterKnowledge;
import io.sextant.schema.table.DecisionTables;
import io.sextant.schema.table.PlanTables;
import io.sextant.schema.table.TableDefinition;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files and rows of solve, on the first requests of two sample days. */
class SolveJobTest {
  private static final int REQUESTS = 60;
  private static final PlanTarget TARGET = SampleWarehouse.target(160, Pool.BOTH);
  private static final SolverSettings SETTINGS = SampleWarehouse.settings(TARGET, 1);
  private static final SolveOrder PLAIN =
      new SolveOrder(SETTINGS, Optional.empty(), Optional.empty(), false);

  @TempDir private static Path folder;
  private static SampleWarehouse warehouse;

  @BeforeAll
  static void ingest() throws Exception {
    warehouse = SampleWarehouse.of(folder, REQUESTS);
  }

  private static Solved solve(String name, SolveOrder order) throws Exception {
    return new SolveJob(warehouse.run(TARGET, name), order).run(folder.resolve(name));
  }

  private static PlacementMap map(String name, String file) {
    return PlacementMaps.read(folder.resolve(name).resolve(file), SampleWarehouse.MODEL);
  }

  @Test
  void theSameSeedWritesTheSameFiles() throws Exception {
    Solved once = solve("once", PLAIN);
    Solved again = solve("again", PLAIN);
    for (String file : List.of("placement.json", "greedy.json", "metrics.json")) {
      assertThat(folder.resolve("again").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("once").resolve(file));
    }
    assertThat(again.plans()).isEqualTo(once.plans());
    assertThat(once.written().placement()).isEqualTo(folder.resolve("once/placement.json"));
    assertThat(again.written()).extracting("id").isEqualTo(once.written().id());
    assertThat(once.decision()).isEmpty();
    map("once", "placement.json").requireSound("the plan", TARGET.layout().gpus());
    // A run replaces the rows of an earlier run that made the same plan and scored it on the same
    // days.
    assertThat(
            warehouse.rows(
                PlanTables.PLACEMENT_METRICS,
                "layer = -1 and run_id in ('once', 'again')",
                "run_id",
                "plan"))
        .containsExactly("again greedy", "again linear", "again sextant");
  }

  /** Scored on the same day, a plan for other slots must not take the place of the first one. */
  @Test
  void plansForOtherSlotsStayBesideEachOther() throws Exception {
    Solved narrow = solve("narrow", PLAIN);
    PlanTarget wide = SampleWarehouse.target(192, Pool.BOTH);
    Solved doubled =
        new SolveJob(
                warehouse.run(wide, "wide"),
                new SolveOrder(
                    SampleWarehouse.settings(wide, 1), Optional.empty(), Optional.empty(), false))
            .run(folder.resolve("wide"));
    String ids = "plan_id in ('%s', '%s')".formatted(narrow.written().id(), doubled.written().id());
    assertThat(
            warehouse.rows(
                PlanTables.PLACEMENT_METRICS,
                ids + " and layer = -1",
                "slots",
                "plan_id",
                "cluster",
                "serving",
                "from_day",
                "to_day",
                "planned_from_day",
                "planned_to_day"))
        .containsExactly(
            "160 %s 4x8-h200 sglang 2026-09-14 2026-09-14 2026-09-13 2026-09-13"
                .formatted(narrow.written().id()),
            "192 %s 4x8-h200 sglang 2026-09-14 2026-09-14 2026-09-13 2026-09-13"
                .formatted(doubled.written().id()));
    for (TableDefinition<?> table : List.of(PlanTables.PLACEMENTS, PlanTables.NODE_TRAFFIC)) {
      assertThat(warehouse.rows(table, ids + " and layer = 1", "slots")).contains("160", "192");
    }
    assertThat(PlacementMaps.origin(folder.resolve("narrow/placement.json")))
        .get()
        .isEqualTo(new PlanOrigin(narrow.written().id(), "4x8-h200", "2026-09-13", "2026-09-13"));
    assertThat(doubled.plans().get(2).get("plan_id").textValue())
        .isEqualTo(doubled.written().id().value());
  }

  @Test
  void changedTrafficIsPlannedForScoredAndPartOfTheIdentity() throws Exception {
    TrafficChange change = TrafficChange.of(null, "chat=0,general=3", "1-8");
    PlanWindows windows =
        new PlanWindows(
            warehouse.day(SampleWarehouse.PLANNED_DAY, Pool.BOTH),
            warehouse.day(SampleWarehouse.SCORED_DAY, Pool.BOTH),
            false,
            change);
    PlanRun run = PlanRun.reading(warehouse.spark(), TARGET, windows, "changed", new Progress());
    for (TraceWindow window :
        List.of(run.windows().planOn(), run.windows().scoreOn(), windows.planOn())) {
      List<Row> byLayer =
          window
              .table(warehouse.spark())
              .groupBy("layer")
              .agg(
                  expr("count(*)"),
                  expr("sum(if(domain = 'chat', 1, 0))"),
                  expr("min(arrival_ms)"),
                  expr("max(arrival_ms)"))
              .collectAsList();
      assertThat(byLayer).hasSize(SampleWarehouse.MODEL.moeLayers().size());
      // Every layer keeps the same requests, some of them, and none of the label that is left out.
      assertThat(byLayer.stream().map(row -> row.getLong(1)).distinct()).hasSize(1);
      boolean recorded = window.traffic().isRecorded();
      assertThat(byLayer.get(0).getLong(1) == REQUESTS).isEqualTo(recorded);
      assertThat(byLayer.get(0).getLong(2) == 0).isEqualTo(!recorded);
      assertThat(
              change.hours().contains(byLayer.get(0).getLong(3))
                  && change.hours().contains(byLayer.get(0).getLong(4)))
          .isEqualTo(!recorded);
    }
    Solved solved = new SolveJob(run, PLAIN).run(folder.resolve("changed"));
    assertThat(solved.text()).contains("planned and scored for a mix of chat 0.0 % of tokens");
    assertThat(solved.plans().findValuesAsText("traffic"))
        .containsExactly(change.text(), change.text(), change.text());
    assertThat(PlacementMaps.origin(folder.resolve("changed/placement.json")))
        .get()
        .extracting(PlanOrigin::traffic)
        .isEqualTo("scale chat=0.0,general=3.0, arrivals 1-8 UTC");
    assertThat(
            warehouse.rows(
                PlanTables.PLACEMENT_METRICS, "run_id = 'changed'", "precision", "traffic"))
        .containsOnly("bf16 " + change.text());
  }

  @Test
  void groupsAreKeptBesideThePlanWithoutThem() throws Exception {
    SolverSettings forGroups =
        SETTINGS.forGroups(CopyRule.NEAREST, TARGET.layout(), SampleWarehouse.MODEL.experts());
    solve("plain", PLAIN);
    solve(
        "grouped",
        new SolveOrder(
            SETTINGS,
            Optional.of(new GroupOrder(forGroups, RouterKnowledge.LABEL, true)),
            Optional.empty(),
            false));
    assertThat(map("grouped", "ungrouped.json")).isEqualTo(map("plain", "placement.json"));
    assertThat(map("grouped", "placement.json")).isNotEqualTo(map("plain", "placement.json"));
    RouterTable router = RouterTable.read(folder.resolve("grouped/groups.json"));
    assertThat(router.knows()).isEqualTo(RouterKnowledge.LABEL);
    assertThat(router.nodes()).isEqualTo(TARGET.layout().nodes());
    assertThat(PlacementMaps.origin(folder.resolve("grouped/placement.json")))
        .get()
        .extracting(origin -> origin.id().value())
        .isEqualTo(router.planId());
    List<String> routed =
        warehouse.rows(PlanTables.MICRO_BATCH_GROUPS, "run_id = 'grouped'", "request_id");
    assertThat(routed).hasSize(REQUESTS).doesNotHaveDuplicates();
  }

  @Test
  void aPlanFromTheMapInForceSaysHowToGetThereAndIsDecidedUpon() throws Exception {
    MovedBytesLimit limit = MovedBytesLimit.of("5%", TARGET);
    Solved solved =
        solve(
            "moved",
            new SolveOrder(
                SETTINGS,
                Optional.empty(),
                Optional.of(CurrentMap.of(TARGET.linear(), limit)),
                false));
    long moved = MovesFile.read(folder.resolve("moved/moves.json")).movedBytes();
    assertThat(moved).isPositive().isLessThanOrEqualTo(limit.bytes());
    assertThat(solved.text()).contains("sextant moves", "decision  ");
    assertThat(solved.decision()).isPresent();
    assertThat(
            warehouse.rows(DecisionTables.DECISIONS, "run_id = 'moved'", "command", "moved_bytes"))
        .containsExactly("solve " + moved);
    // The front is only in metrics.json.
    assertThat(solved.plans().findValuesAsText("plan")).contains("replan");
    assertThat(
            warehouse.rows(PlanTables.PLACEMENT_METRICS, "run_id = 'moved' and layer = -1", "plan"))
        .containsExactly("current", "greedy", "linear", "sextant");
  }
}
