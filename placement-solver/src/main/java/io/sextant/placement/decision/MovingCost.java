package io.sextant.placement.decision;

import io.sextant.placement.problem.SlotLayout;
import java.io.Serializable;
import java.util.Arrays;

/**
 * What moving to another placement costs: the busiest node's link has to bring its new experts,
 * once until the next refresh.
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

  /**
   * The cost of moving between two maps of one cluster, which may differ in slots. Bytes that come
   * from a GPU of the same node count as well: a node's link is never slower than that.
   *
   * @param nodes machines of the cluster
   * @param gpusPerNode GPUs in a machine
   * @param current shape [layers][slots]: the logical expert in each slot of the map in force
   * @param candidate shape [layers][slots]
   * @param expertBytes weights of one expert
   */
  public static MovingCost between(
      int nodes,
      int gpusPerNode,
      int[][] current,
      int[][] candidate,
      long expertBytes,
      double linkGigabytesPerSecond,
      double hoursUntilRefresh) {
    long[] arriving = new long[nodes];
    for (int l = 0; l < candidate.length; l++) {
      SlotLayout before = SlotLayout.of(nodes, gpusPerNode, current[l].length);
      SlotLayout after = SlotLayout.of(nodes, gpusPerNode, candidate[l].length);
      int experts = 1 + Math.max(max(current[l]), max(candidate[l]));
      boolean[][] held = new boolean[before.gpus()][experts];
      for (int p = 0; p < current[l].length; p++) {
        held[before.gpuOfSlot(p)][current[l][p]] = true;
      }
      for (int p = 0; p < candidate[l].length; p++) {
        if (!held[after.gpuOfSlot(p)][candidate[l][p]]) {
          arriving[after.nodeOfSlot(p)] += expertBytes;
        }
      }
    }
    return new MovingCost(
        Arrays.stream(arriving).sum(),
        Arrays.stream(arriving).max().orElse(0),
        linkGigabytesPerSecond,
        hoursUntilRefresh);
  }

  private static int max(int[] values) {
    return Arrays.stream(values).max().orElse(0);
  }

  /** Time of the move, microseconds. */
  public double moveMicros() {
    return busiestNodeBytes / (linkGigabytesPerSecond * 1e3);
  }

  /** What a layer pass pays, as a share of its time. */
  public double shareOfLayerTime() {
    return moveMicros() / (hoursUntilRefresh * 3_600e6);
  }
}
