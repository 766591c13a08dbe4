package io.sextant.jobs.price;

import io.sextant.jobs.score.Plan;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.placement.evaluate.MicroBatchMeasure;
import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.schema.stats.Estimate;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a number of slots brings and costs.
 *
 * @param target the model, the cluster with this number of slots, and the profile
 * @param plan the plan
 * @param metrics figures of the plan over all layers
 * @param intervals 95 % intervals of its measures; empty if there are too few micro-batches
 * @param gain share of the layer time that is saved against the fewest slots; empty if it is not
 *     known
 * @param cacheTokens tokens of KV cache that are left over all GPUs; empty if the memory is not
 *     known
 * @param cpuSeconds CPU seconds in which the plan was made
 */
record PricePoint(
    PlanTarget target,
    Plan plan,
    PlacementMetrics metrics,
    Map<MicroBatchMeasure, Estimate> intervals,
    Optional<Estimate> gain,
    OptionalLong cacheTokens,
    double cpuSeconds) {

  int slots() {
    return target.layout().slots();
  }

  int slotsPerGpu() {
    return target.layout().slotsPerGpu();
  }

  /** The interval of a measure; empty if there are too few micro-batches. */
  Optional<Estimate> interval(MicroBatchMeasure measure) {
    return Optional.ofNullable(intervals.get(measure));
  }

  /** Tokens of KV cache that this number of slots takes from the fewest; empty if not known. */
  OptionalLong cacheTokensLost(PricePoint fewest) {
    return cacheTokens.isPresent() && fewest.cacheTokens.isPresent()
        ? OptionalLong.of(fewest.cacheTokens.getAsLong() - cacheTokens.getAsLong())
        : OptionalLong.empty();
  }
}
