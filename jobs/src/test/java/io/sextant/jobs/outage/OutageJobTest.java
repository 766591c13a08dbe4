package io.sextant.jobs.outage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sextant.jobs.CommandRun;
import io.sextant.jobs.SampleWarehouse;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.window.Pool;
import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.schema.placement.PlacementMap;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loses hardware of a linear plan, which has every expert twice on 256 slots. */
class OutageJobTest {
  @TempDir private static Path folder;
  private static SampleWarehouse warehouse;

  @BeforeAll
  static void ingest() throws Exception {
    warehouse = SampleWarehouse.of(folder, 60);
  }

  private static OutageJob job(int slots) {
    PlanTarget target = SampleWarehouse.target(slots, Pool.BOTH);
    return new OutageJob(
        warehouse.spark(),
        target,
        target.linear(),
        warehouse.day(SampleWarehouse.SCORED_DAY, Pool.BOTH),
        new Progress());
  }

  @Test
  void noExpertIsMissingIfEachIsOnTwoNodes() {
    OutageReport report = job(256).each(true);
    assertThat(report.outages()).hasSize(4);
    for (ScoredOutage outage : report.outages()) {
      assertThat(outage.outage().lostExperts()).isZero();
      // Three nodes compute what four did.
      assertThat(outage.micros()).isGreaterThan(report.whole().layerMicros());
      assertThat(outage.metrics().map(PlacementMetrics::tokens))
          .isEqualTo(Optional.of(report.whole().tokens()));
    }
    assertThat(report.text()).contains("No expert is missing in any case.");
  }

  @Test
  void lostExpertsAreLoadedIntoSparedCopies() throws Exception {
    OutageReport report = job(160).each(false);
    assertThat(report.outages()).hasSize(32);
    int most = report.outages().stream().mapToInt(o -> o.outage().lostExperts()).max().getAsInt();
    assertThat(most).isPositive();
    assertThat(report.text())
        .contains("In the worst case %d experts of all layers".formatted(most));
    Path out = folder.resolve("outages");
    PlacementMap map = SampleWarehouse.target(160, Pool.BOTH).linear();
    new OutageFiles(map, false).write(out, report.outages());
    JsonNode survivors =
        JsonMapper.builder().build().readTree(out.resolve("gpu-7/survivors.json").toFile());
    assertThat(survivors.get("active_ranks").get(7).asInt()).isZero();
    assertThat(survivors.get("physical_to_logical").get(0)).hasSize(155);
    assertThat(report.json().get("outages")).hasSize(32);
  }

  @Test
  void aPlanWithoutCopiesHasNoRoomForLostExperts() {
    OutageReport report = job(128).each(false);
    assertThat(report.outages().get(0).outage().missingExperts()).isEqualTo(24);
    assertThat(report.text()).contains("no room for 24 experts");
  }

  @Test
  void whatLeavesInTurnIsCopiedOnce() {
    OutageReport report = job(160).shrink(3);
    assertThat(report.outages()).extracting(o -> o.outage().missingExperts()).containsOnly(0);
    assertThat(report.text()).contains("31 GPUs", "29 GPUs", "No expert is missing at any size.");
    for (ScoredOutage outage : report.outages()) {
      assertThat(outage.outage().layers().get(0).writes()).allMatch(write -> write.slot() < 29 * 5);
    }
  }

  @Test
  void surviveNamesTheSlotsThatItTakes() {
    CommandRun run =
        CommandRun.of(
            "solve",
            "--warehouse",
            warehouse.folder(),
            "--model",
            "sextant-128x8",
            "--cluster",
            "4x8-h200",
            "--slots",
            "160",
            "--survive",
            "gpu",
            "--out",
            folder.resolve("plan").toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("copies of 128 experts on two gpus each need 256 slots, and --slots is 160")
        .contains("Give --slots 256");
  }
}
