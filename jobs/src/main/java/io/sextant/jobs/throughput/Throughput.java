package io.sextant.jobs.throughput;

import io.sextant.jobs.serving.PlanTarget;
import io.sextant.placement.evaluate.PlacementMetrics;

/**
 * What the time of a MoE layer is worth in tokens per second: all layers of a batch one after the
 * other, one batch at a time, nothing overlapped.
 *
 * @param target the model, cluster and batches
 * @param rest the time of a decoder layer beside its experts
 */
public record Throughput(PlanTarget target, RestTime rest) {
  private static final double MICROS_PER_SECOND = 1e6;

  /** Microseconds of all layers for a batch of prefill tokens; NaN without complete batches. */
  public double prefillMicros(PlacementMetrics metrics) {
    return all(metrics.prefill().layerMicros(), rest.prefillMicros());
  }

  /**
   * Microseconds of all layers for a decode step, which is the time per output token; NaN without
   * complete steps.
   */
  public double decodeMicros(PlacementMetrics metrics) {
    return all(metrics.decode().layerMicros(), rest.decodeMicros());
  }

  /** Prompt tokens per second of all GPUs together. */
  public double prefillTokensPerSecond(PlacementMetrics metrics) {
    return target.profile().prefillTokens() * MICROS_PER_SECOND / prefillMicros(metrics);
  }

  /** Output tokens per second of all GPUs together. */
  public double decodeTokensPerSecond(PlacementMetrics metrics) {
    return target.profile().decodeTokens() * MICROS_PER_SECOND / decodeMicros(metrics);
  }

  private double all(double layerMicros, double restMicros) {
    return target.model().moeLayers().size() * layerMicros + target.model().layers() * restMicros;
  }
}
