package io.sextant.placement.decision;

import io.sextant.placement.evaluate.MicroBatchMeasure;
import io.sextant.schema.stats.Estimate;
import java.util.List;
import java.util.OptionalInt;

/**
 * Says up to which number of slots copies are worth their memory. It begins with the fewest slots.
 * It goes on to the next larger number whose layer time is lower by more than the minimum gain for
 * each further slot per GPU, with the whole 95 % interval, and repeats that until there is none.
 *
 * @param minimumGain share of the layer time that a further slot per GPU has to save
 * @param minimumMicroBatches held-out micro-batches that are needed
 * @param seed root of the resampling
 */
public record KneeRule(double minimumGain, int minimumMicroBatches, long seed) {

  /**
   * The index of the number of slots at the knee; empty if there are too few micro-batches.
   *
   * @param slotsPerGpu shape [plans]: ascending
   * @param plans the plan for each number of slots, on the same micro-batches
   */
  public OptionalInt knee(int[] slotsPerGpu, List<MicroBatchSeries> plans) {
    if (isTooShort(plans)) {
      return OptionalInt.empty();
    }
    int knee = 0;
    for (int i = 1; i < slotsPerGpu.length; i++) {
      double needed = minimumGain * (slotsPerGpu[i] - slotsPerGpu[knee]);
      if (gain(plans.get(knee), plans.get(i)).low() > needed) {
        knee = i;
      }
    }
    return OptionalInt.of(knee);
  }

  /** Whether there are too few micro-batches to judge. */
  public boolean isTooShort(List<MicroBatchSeries> plans) {
    return plans.get(0).microBatches() < minimumMicroBatches;
  }

  /** The share of the layer time that a plan saves against another one. */
  public Estimate gain(MicroBatchSeries than, MicroBatchSeries plan) {
    return PairedBootstrap.over(than.microBatches(), seed)
        .relativeGain(
            than.overLayers(MicroBatchMeasure.LAYER_MICROS),
            plan.overLayers(MicroBatchMeasure.LAYER_MICROS));
  }
}
