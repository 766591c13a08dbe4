package io.sextant.placement.evaluate;

import java.io.Serializable;

/**
 * The sums from which {@link PlacementMetrics} follow; tallies of different layers and files add
 * up.
 *
 * @param main all rows that the GPUs compute
 * @param prefill prefill rows alone
 * @param decode decode rows alone
 */
public record PlacementTally(StreamTally main, StreamTally prefill, StreamTally decode)
    implements Serializable {

  /** Nothing seen yet. */
  public static final PlacementTally EMPTY =
      new PlacementTally(StreamTally.EMPTY, StreamTally.EMPTY, StreamTally.EMPTY);

  /** Both together. */
  public PlacementTally plus(PlacementTally other) {
    return new PlacementTally(
        main.plus(other.main), prefill.plus(other.prefill), decode.plus(other.decode));
  }

  /** The averages of these sums; NaN if there is nothing to average. */
  public PlacementMetrics metrics() {
    return new PlacementMetrics(main.metrics(), prefill.metrics(), decode.metrics());
  }
}
