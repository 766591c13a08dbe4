package io.sextant.placement.decision;

import io.sextant.placement.evaluate.MicroBatchMeasure;
import io.sextant.schema.stats.Estimate;
import java.io.Serializable;
import java.util.Locale;

/**
 * When to publish a candidate in place of the map in force, judged by predicted layer time on
 * micro-batches that neither was planned on. With the interval [low, high] of the relative gain and
 * {@code least = max(minimumGain, moving cost)}:
 *
 * <ul>
 *   <li>insufficient evidence, with fewer than {@code minimumMicroBatches};
 *   <li>publish, if low is above {@code least};
 *   <li>keep, if high is not, or if the interval holds zero and is no wider than twice {@code
 *       least}: so narrow that a gain of that size would have shown;
 *   <li>insufficient evidence otherwise.
 * </ul>
 *
 * @param minimumGain least relative gain of layer time worth a change
 * @param minimumMicroBatches least held-out micro-batches of a layer
 * @param seed of the bootstrap
 */
public record DecisionRule(double minimumGain, int minimumMicroBatches, long seed)
    implements Serializable {

  /** Half a per cent, on at least 24 micro-batches (8 blocks of 3). */
  public static final DecisionRule DEFAULT = new DecisionRule(0.005, 24, 1);

  public DecisionRule {
    if (!(minimumGain >= 0 && minimumGain < 1)) {
      throw new IllegalArgumentException(
          "The least gain (%s) must be a share from 0 to 1".formatted(minimumGain));
    }
    if (PairedBootstrap.blocks(minimumMicroBatches) < 2) {
      throw new IllegalArgumentException(
          "%d micro-batches are too few for an interval".formatted(minimumMicroBatches));
    }
  }

  /**
   * @param current the map in force on held-out micro-batches
   * @param candidate the candidate on the same ones
   */
  public Decision decide(MicroBatchSeries current, MicroBatchSeries candidate, MovingCost moving) {
    int n = current.microBatches();
    if (candidate.microBatches() != n) {
      throw new IllegalArgumentException(
          "The plans have %d and %d micro-batches".formatted(n, candidate.microBatches()));
    }
    double least = Math.max(minimumGain, moving.shareOfLayerTime());
    if (n < minimumMicroBatches) {
      return new Decision(
          Verdict.INSUFFICIENT_EVIDENCE,
          "%,d held-out micro-batches are fewer than the %,d that a judgement needs."
              .formatted(n, minimumMicroBatches),
          n,
          null,
          null,
          null,
          null,
          null,
          null,
          moving,
          least);
    }
    PairedBootstrap bootstrap = PairedBootstrap.over(n, seed);
    double[] currentMicros = current.overLayers(MicroBatchMeasure.LAYER_MICROS);
    double[] candidateMicros = candidate.overLayers(MicroBatchMeasure.LAYER_MICROS);
    Estimate gain = bootstrap.relativeGain(currentMicros, candidateMicros);
    Verdict verdict = verdict(gain, least);
    return new Decision(
        verdict,
        reason(verdict, gain, least),
        n,
        gain,
        bootstrap.mean(currentMicros),
        bootstrap.mean(candidateMicros),
        saved(bootstrap, current, candidate, MicroBatchMeasure.REMOTE_NODES_PER_TOKEN),
        saved(bootstrap, current, candidate, MicroBatchMeasure.MAX_OVER_MEAN_GPU_LOAD),
        saved(bootstrap, current, candidate, MicroBatchMeasure.MAX_OVER_MEAN_NODE_RECEIVE),
        moving,
        least);
  }

  private static Verdict verdict(Estimate gain, double least) {
    if (gain.low() > least) {
      return Verdict.PUBLISH;
    }
    boolean noneWorthIt = gain.high() <= least;
    boolean wouldHaveShown =
        gain.low() <= 0 && gain.high() >= 0 && gain.high() - gain.low() <= 2 * least;
    return noneWorthIt || wouldHaveShown ? Verdict.KEEP : Verdict.INSUFFICIENT_EVIDENCE;
  }

  private static String reason(Verdict verdict, Estimate gain, double least) {
    return String.format(
        Locale.ROOT,
        switch (verdict) {
          case PUBLISH ->
              "The layer time falls by %1$.2f %% [%2$.2f, %3$.2f], more than the %4$.2f %% that a"
                  + " move has to bring.";
          case KEEP ->
              "A gain of %1$.2f %% [%2$.2f, %3$.2f] of the layer time is not worth a"
                  + " move (%4$.2f %%).";
          case INSUFFICIENT_EVIDENCE ->
              "A gain of %1$.2f %% [%2$.2f, %3$.2f] leaves open whether it exceeds the %4$.2f %%"
                  + " that a move has to bring.";
        },
        100 * gain.value(),
        100 * gain.low(),
        100 * gain.high(),
        100 * least);
  }

  private static Estimate saved(
      PairedBootstrap bootstrap,
      MicroBatchSeries current,
      MicroBatchSeries candidate,
      MicroBatchMeasure measure) {
    return bootstrap.difference(current.overLayers(measure), candidate.overLayers(measure));
  }
}
