package io.sextant.jobs.throughput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sextant.jobs.SampleWarehouse;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.window.Pool;
import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.placement.evaluate.StreamMetrics;
import org.junit.jupiter.api.Test;

class ThroughputTest {
  private static final PlanTarget TARGET = SampleWarehouse.target(128, Pool.BOTH);

  private static StreamMetrics stream(double layerMicros) {
    return new StreamMetrics(1, 1, 1, 1, 1, 1, 1, 1, layerMicros, 1, 100, 0, 10);
  }

  private static PlacementMetrics metrics(double prefill, double decode) {
    return new PlacementMetrics(stream(prefill), stream(prefill), stream(decode));
  }

  /** 6 MoE layers of 12 layers; batches of 64 prefill tokens and 16 decode rows. */
  @Test
  void aGainInLayerTimeIsASmallerOneInThroughput() {
    Throughput throughput = new Throughput(TARGET, new RestTime(50, 20, "given"));
    PlacementMetrics before = metrics(100, 40);
    PlacementMetrics after = metrics(82, 40);
    assertThat(throughput.prefillMicros(before)).isEqualTo(6 * 100 + 12 * 50);
    assertThat(throughput.decodeMicros(before)).isEqualTo(6 * 40 + 12 * 20);
    assertThat(throughput.prefillTokensPerSecond(before)).isCloseTo(64e6 / 1200, within(1e-9));
    assertThat(throughput.decodeTokensPerSecond(before)).isCloseTo(16e6 / 480, within(1e-9));
    double gain =
        throughput.prefillTokensPerSecond(after) / throughput.prefillTokensPerSecond(before);
    assertThat(gain).isCloseTo(1200.0 / 1092, within(1e-12)).isLessThan(1 / 0.82);
  }

  @Test
  void whatIsNotScoredIsNotAvailable() {
    Throughput throughput = new Throughput(TARGET, new RestTime(50, 20, "given"));
    assertThat(throughput.decodeTokensPerSecond(metrics(100, Double.NaN))).isNaN();
  }

  /** Attention of 12 layers and 6 dense MLPs and routers, read by 8 GPUs of 4,290 GB/s. */
  @Test
  void theRooflineReadsTheWeightsOnce() {
    RestTime rest = RestTime.roofline(TARGET);
    double weights = 12 * 4 * 512 * 512 + 6 * 2 * 512 * 2048 + 6 * 128 * 512;
    double read = 2 * weights / 12 / 8 / 4_290e3;
    assertThat(rest.decodeMicros()).isCloseTo(read, within(1e-9));
    assertThat(rest.source()).startsWith("assumed");
  }
}
