package io.sextant.jobs.price;

import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.throughput.ThroughputTable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What each number of slots brings and costs on a cluster under a profile.
 *
 * @param points the numbers of slots, fewer first
 * @param knee index of the number of slots that the rule names; empty if it cannot be judged
 * @param unknownMemory the reason if the KV cache is not known
 * @param throughput what the plans bring in tokens per second; empty if it is not known
 */
record PriceCurve(
    List<PricePoint> points,
    OptionalInt knee,
    Optional<String> unknownMemory,
    Optional<ThroughputTable> throughput) {

  /** The same curve with its throughput. */
  PriceCurve with(Optional<ThroughputTable> known) {
    return new PriceCurve(points, knee, unknownMemory, known);
  }

  PricePoint fewest() {
    return points.get(0);
  }

  PlanTarget target() {
    return fewest().target();
  }

  /** The number of slots that the rule names; empty if it cannot be judged. */
  Optional<PricePoint> atKnee() {
    return knee.isPresent() ? Optional.of(points.get(knee.getAsInt())) : Optional.empty();
  }
}
