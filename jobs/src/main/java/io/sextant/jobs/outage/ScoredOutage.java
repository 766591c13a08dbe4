package io.sextant.jobs.outage;

import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.schema.stats.Estimate;
import java.util.Optional;

/**
 * An outage with what it does.
 *
 * @param metrics figures of the prepared map on the GPUs that are left; empty if experts are
 *     missing
 * @param layerMicros the predicted layer time with its interval; empty if it is not known
 */
record ScoredOutage(
    Outage outage, Optional<PlacementMetrics> metrics, Optional<Estimate> layerMicros) {

  /** Max/mean load over the GPUs that are left; NaN if it is not known. */
  double maxOverMeanGpuLoad() {
    double share = (double) outage.gpus().left() / outage.gpus().layout().gpus();
    return metrics.map(of -> of.maxOverMeanGpuLoad() * share).orElse(Double.NaN);
  }

  double micros() {
    return metrics.map(PlacementMetrics::layerMicros).orElse(Double.NaN);
  }

  double remoteNodes() {
    return metrics.map(PlacementMetrics::remoteNodesPerToken).orElse(Double.NaN);
  }
}
