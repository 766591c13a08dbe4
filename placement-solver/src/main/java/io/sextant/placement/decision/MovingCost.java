package io.sextant.placement.decision;

import java.io.Serializable;

/**
 * The cost of moving to another placement: the busiest node's link has to bring its new experts
 * once per refresh.
 *
 * <p>{@code move micros = busiest node's bytes / link rate}. Until the next refresh a deployment
 * that is always busy makes {@code period / layer micros} layer passes, so that a pass pays {@code
 * move micros x layer micros / period}: as a share of the layer time, {@code move micros / period}.
 *
 * @param bytes expert weights that arrive on GPUs which did not hold the expert, over all layers
 * @param busiestNodeBytes the part of them that the node with the most of them receives
 * @param linkGigabytesPerSecond one way, per node, between nodes
 * @param hoursUntilRefresh how long the placement stays, busy hours
 */
public record MovingCost(
    long bytes, long busiestNodeBytes, double linkGigabytesPerSecond, double hoursUntilRefresh)
    implements Serializable {

  /** A nightly refresh. */
  public static final double NIGHTLY_HOURS = 24;

  public MovingCost {
    if (bytes < busiestNodeBytes || busiestNodeBytes < 0) {
      throw new IllegalArgumentException(
          "A node cannot receive %d of %d bytes".formatted(busiestNodeBytes, bytes));
    }
    if (!(linkGigabytesPerSecond > 0) || !(hoursUntilRefresh > 0)) {
      throw new IllegalArgumentException(
          "The link rate (%s) and the hours until the next refresh (%s) must be positive"
              .formatted(linkGigabytesPerSecond, hoursUntilRefresh));
    }
  }

  /** The cost of bringing these bytes. */
  public static MovingCost of(
      ArrivingBytes arriving, double linkGigabytesPerSecond, double hoursUntilRefresh) {
    return new MovingCost(
        arriving.all(), arriving.busiestNode(), linkGigabytesPerSecond, hoursUntilRefresh);
  }

  /** Time of the move, microseconds. */
  public double moveMicros() {
    return busiestNodeBytes / (linkGigabytesPerSecond * 1e3);
  }

  /** The cost per layer pass, as a share of its time. */
  public double shareOfLayerTime() {
    return moveMicros() / (hoursUntilRefresh * 3_600e6);
  }
}
