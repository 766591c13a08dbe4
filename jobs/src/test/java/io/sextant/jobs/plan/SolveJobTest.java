package io.sextant.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.SampleWarehouse;
import io.sextant.jobs.group.GroupOrder;
import io.sextant.jobs.migrate.CurrentMap;
import io.sextant.jobs.migrate.MovedBytesLimit;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.window.Pool;
import io.sextant.placement.migration.MovesFile;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.router.RouterTable;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.RouterKnowledge;
import io.sextant.schema.table.PlanTables;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
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

  @AfterAll
  static void close() throws Exception {
    warehouse.close();
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
    assertThat(once.placement()).isEqualTo(folder.resolve("once/placement.json"));
    assertThat(once.decision()).isEmpty();
    map("once", "placement.json").requireSound("the plan", TARGET.layout().gpus());
    // A run replaces the rows of an earlier run that was scored on the same day.
    assertThat(warehouse.rows(PlanTables.PLACEMENT_METRICS, "layer = -1", "run_id", "plan"))
        .containsExactly("again greedy", "again linear", "again sextant");
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
            Optional.of(new GroupOrder(forGroups, RouterKnowledge.LABEL)),
            Optional.empty(),
            false));
    assertThat(map("grouped", "ungrouped.json")).isEqualTo(map("plain", "placement.json"));
    assertThat(map("grouped", "placement.json")).isNotEqualTo(map("plain", "placement.json"));
    RouterTable router = RouterTable.read(folder.resolve("grouped/groups.json"));
    assertThat(router.knows()).isEqualTo(RouterKnowledge.LABEL);
    assertThat(router.nodes()).isEqualTo(TARGET.layout().nodes());
    List<String> routed =
        warehouse.rows(PlanTables.MICRO_BATCH_GROUPS, "run_id = 'grouped'", "request_id");
    assertThat(routed).hasSize(REQUESTS).doesNotHaveDuplicates();
  }

  @Test
  void aPlanFromTheMapInForceSaysHowToGetThereAndIsDecidedUpon() throws Exception {
    MovedBytesLimit limit = MovedBytesLimit.of("5%", SampleWarehouse.MODEL);
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
    assertThat(warehouse.rows(PlanTables.DECISIONS, "run_id = 'moved'", "command", "moved_bytes"))
        .containsExactly("solve " + moved);
    // The front is only in metrics.json.
    assertThat(solved.plans().findValuesAsText("plan")).contains("replan");
    assertThat(
            warehouse.rows(PlanTables.PLACEMENT_METRICS, "run_id = 'moved' and layer = -1", "plan"))
        .containsExactly("current", "greedy", "linear", "sextant");
  }
}
