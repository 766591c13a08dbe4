package io.sextant.jobs.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.sextant.jobs.SampleWarehouse;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.layers.SweepOrder;
import io.sextant.jobs.score.EvaluateJob;
import io.sextant.jobs.serving.FittingSlots;
import io.sextant.jobs.serving.MemoryTerms;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.throughput.RestTime;
import io.sextant.jobs.window.PlanWindows;
import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.RequestRoutes;
import io.sextant.placement.capacity.Promise;
import io.sextant.placement.decision.KneeRule;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.spec.ServingProfiles;
import io.sextant.schema.table.DecisionTables;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prices copies under two profiles on the first requests of two sample days. */
class PriceJobTest {
  private static final MemoryTerms TERMS =
      new MemoryTerms(new Promise(2048, 1), 0.9, OptionalDouble.empty(), 0, 2, false);

  @TempDir private static Path folder;
  private static SampleWarehouse warehouse;
  private static PriceReport report;

  @BeforeAll
  static void price() throws Exception {
    warehouse = SampleWarehouse.of(folder, 60);
    PlanWindows windows =
        new PlanWindows(
            warehouse.day(SampleWarehouse.PLANNED_DAY, Pool.BOTH),
            warehouse.day(SampleWarehouse.SCORED_DAY, Pool.BOTH),
            false);
    report =
        new PriceJob(
                warehouse.spark(),
                windows,
                new KneeRule(0.005, 24, 1),
                new FittingSlots(TERMS),
                "price",
                new Progress())
            .run(List.of(order("sglang"), order("vllm")));
  }

  private static PriceOrder order(String profile) {
    List<PlanTarget> targets =
        IntStream.of(128, 160, 192)
            .mapToObj(
                slots -> {
                  PlanTarget usual = SampleWarehouse.target(slots, Pool.BOTH);
                  return new PlanTarget(
                      usual.model(),
                      usual.cluster(),
                      usual.layout(),
                      usual.sources(),
                      ServingProfiles.load(profile).withTokens(64, 16),
                      Pool.BOTH,
                      usual.packaging());
                })
            .toList();
    return new PriceOrder(
        new SweepOrder(
            targets,
            targets.stream()
                .map(
                    target ->
                        SampleWarehouse.settings(target, 1)
                            .forRule(target.profile().copyRule(), target.layout(), 128))
                .toList()),
        Optional.of(RestTime.roofline(targets.get(0))));
  }

  /** All plans are scored in one pass, with the figures of each profile by itself. */
  @Test
  void aPlanHasTheScoresThatItHasAlone() {
    for (PriceCurve curve : report.curves()) {
      for (PricePoint point : curve.points()) {
        assertThat(point.metrics())
            .isEqualTo(
                new EvaluateJob(warehouse.spark(), point.target(), new RequestRoutes())
                    .onWarehouse(
                        warehouse.day(SampleWarehouse.SCORED_DAY, Pool.BOTH), List.of(point.plan()))
                    .metrics(point.plan().name()));
      }
    }
  }

  @Test
  void aPointSaysTheGainAndTheKvCacheAgainstTheFewestSlots() throws Exception {
    JsonNode curves = report.json().get("curves");
    assertThat(curves).hasSize(2);
    for (JsonNode curve : curves) {
      JsonNode points = curve.get("points");
      assertThat(points.get(0).get("kv_tokens_lost").asLong()).isZero();
      double before = points.get(0).get("predicted_layer_micros").asDouble();
      double after = points.get(2).get("predicted_layer_micros").asDouble();
      assertThat(points.get(2).get("gain").asDouble()).isCloseTo(1 - after / before, within(1e-6));
      assertThat(points.get(2).get("kv_tokens").asLong())
          .isEqualTo(
              points.get(0).get("kv_tokens").asLong()
                  - points.get(2).get("kv_tokens_lost").asLong())
          .isLessThan(points.get(1).get("kv_tokens").asLong());
      assertThat(curve.get("knee_slots").asInt()).isIn(128, 160, 192);
    }
    assertThat(curves.get(0).at("/throughput/plans/0/prefill_tokens_per_second").asDouble())
        .isPositive();
    assertThat(report.text())
        .contains("assumed: a lower bound from weights")
        .contains("sextant-128x8 on 4x8-h200 under the serving profile vllm: planned on 2026-09-13")
        .containsPattern("knee: (no copies \\(128 slots\\)|\\d+ slots, \\d per GPU)\\. ");
    assertThat(
            warehouse.rows(
                DecisionTables.COPY_PRICES, "serving = 'vllm'", "slots", "slots_per_gpu", "pool"))
        .containsExactly("128 4 both", "160 5 both", "192 6 both");
    assertThat(warehouse.rows(DecisionTables.COPY_PRICES, "knee = 1", "slots")).hasSize(2);
  }

  @Test
  void everyPlanIsWrittenAsAMapThatCommandsRead() throws Exception {
    Path out = folder.resolve("plans");
    report.writePlans(out);
    Path file = out.resolve("4x8-h200-vllm-192").resolve(PlacementMaps.FILE);
    assertThat(PlacementMaps.read(file, SampleWarehouse.MODEL).slots(0)).isEqualTo(192);
    assertThat(PlacementMaps.plannedFor(file)).isPresent();
  }
}
