package io.sextant.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sextant.jobs.SampleWarehouse;
import io.sextant.jobs.TestPacks;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.group.GroupOrder;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.window.PlanWindows;
import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.spec.RouterKnowledge;
import io.sextant.schema.table.TraceTables;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans by load only, on counts that SGLang and TensorRT-LLM recorded. */
class LoadSamplesTest {
  private static final PlanTarget TARGET = SampleWarehouse.target(160, Pool.BOTH);
  private static final SolverSettings SETTINGS = SampleWarehouse.settings(TARGET, 1);

  @TempDir private static Path folder;
  private static SampleWarehouse warehouse;
  private static TraceWindow window;

  @BeforeAll
  static void ingest() throws Exception {
    Path formats = TestPacks.resource("formats");
    warehouse =
        SampleWarehouse.of(
            folder,
            List.of(
                formats.resolve("sglang/stat.pt"),
                formats.resolve("tensorrt-llm/rank2.safetensors")));
    window = new TraceWindow(warehouse.folder(), SampleWarehouse.MODEL.name(), null, null);
  }

  private static LoadSamples samples() {
    return LoadSamples.of(
        window.loadCounts(warehouse.spark()).orElseThrow(), SampleWarehouse.MODEL);
  }

  private static Solved solve(String out, Optional<GroupOrder> groups) throws Exception {
    PlanRun run =
        new PlanRun(
            warehouse.spark(), TARGET, new PlanWindows(window, window, false), out, new Progress());
    return new SolveJob(run, new SolveOrder(SETTINGS, groups, Optional.empty(), false))
        .run(folder.resolve(out));
  }

  @Test
  void everyCountedTokenIsInOneStretch() throws Exception {
    LoadSamples samples = samples();
    assertThat(samples.steps()).isEqualTo(10);
    long inTable =
        warehouse
            .rows(
                TraceTables.LOAD_COUNTS,
                "true",
                "aggregate(tokens, 0L, (sum, count) -> sum + count)",
                "step",
                "layer",
                "source")
            .stream()
            .mapToLong(row -> Long.parseLong(row.substring(0, row.indexOf(' '))))
            .sum();
    long inStretches =
        Arrays.stream(samples.tokens())
            .flatMap(Arrays::stream)
            .flatMapToLong(counts -> LongStream.of(Arrays.stream(counts).asLongStream().sum()))
            .sum();
    assertThat(inStretches).isEqualTo(inTable);
    for (int l = 0; l < samples.tokens().length; l++) {
      assertThat(Arrays.stream(samples.expertLoad(l)).sum())
          .isEqualTo(
              (double)
                  Arrays.stream(samples.ofLayer(l))
                      .flatMapToInt(Arrays::stream)
                      .asLongStream()
                      .sum());
    }
  }

  /** Engines count from the start of a recording; ranks write a step within seconds. */
  @Test
  void aLaterRecordingOfTheDayHasStepsOfItsOwn() {
    Dataset<Row> counts = window.loadCounts(warehouse.spark()).orElseThrow();
    assertThat(
            LoadSamples.of(counts.union(later(counts, 3_600_000)), SampleWarehouse.MODEL).steps())
        .isEqualTo(2 * samples().steps());
    assertThat(LoadSamples.of(counts.union(later(counts, 0)), SampleWarehouse.MODEL).steps())
        .isEqualTo(samples().steps());
  }

  private static Dataset<Row> later(Dataset<Row> counts, long millis) {
    return counts.withColumn("arrival_ms", functions.col("arrival_ms").plus(millis));
  }

  @Test
  void aPlanByLoadAloneBalancesTheCounts() throws Exception {
    Solved solved = solve("plan", Optional.empty());
    PlacementMap map = PlacementMaps.read(solved.written().placement(), SampleWarehouse.MODEL);
    map.requireSound("the plan", TARGET.layout().gpus());
    assertThat(balance(solved, 2)).isLessThan(balance(solved, 1)).isLessThan(balance(solved, 0));
    LoadSamples samples = samples();
    PlacementMap greedy =
        PlacementMaps.read(folder.resolve("plan/greedy.json"), SampleWarehouse.MODEL);
    for (int l = 0; l < greedy.layers().size(); l++) {
      assertThat(greedy.physicalToLogical()[l])
          .isEqualTo(EplbPlacement.global(samples.expertLoad(l), TARGET.layout()));
    }
    assertThat(PlacementMaps.read(solve("same", Optional.empty()).written().placement(), null))
        .isEqualTo(map);
  }

  private static double balance(Solved solved, int plan) {
    JsonNode figures = solved.plans().get(plan);
    assertThat(figures.get("remote_nodes_per_token").isNull()).isTrue();
    return figures.get("max_over_mean_gpu_load").doubleValue();
  }

  @Test
  void groupsNeedTraces() {
    assertThatThrownBy(
            () ->
                solve(
                    "grouped", Optional.of(new GroupOrder(SETTINGS, RouterKnowledge.LABEL, true))))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("they only count tokens of each expert, and --group needs");
    assertThat(folder.resolve("grouped")).doesNotExist();
  }
}
