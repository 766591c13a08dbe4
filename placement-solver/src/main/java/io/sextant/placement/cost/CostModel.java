package io.sextant.placement.cost;

import java.io.Serializable;

/**
 * Predicted time of one MoE layer for one batch: the slowest GPU's expert work plus the transfers
 * of the busiest link, which depends on the transport.
 *
 * @param work a GPU's expert work
 * @param links the transfers
 */
public record CostModel(ExpertWork work, LinkCosts links) implements Serializable {

  /** By the roofline of these rates, with NVLink and the start of a transfer taking no time. */
  public CostModel(
      double microsPerToken, double microsPerActivatedExpert, double microsPerReceivedToken) {
    this(
        new RooflineWork(microsPerToken, microsPerActivatedExpert),
        new LinkCosts(microsPerReceivedToken, 0, 0));
  }

  /** Time of one GPU's expert work, as {@link ExpertWork#micros}. */
  public double gpuMicros(long[] rowsOfSlot, int from, int until) {
    return work.micros(rowsOfSlot, from, until);
  }

  /**
   * Time for a node to receive {@code tokens} hidden states over all its network ports and return
   * their results; tokens over unequal links count by the price of theirs.
   */
  public double receiveMicros(double tokens) {
    return tokens * links.nodeMicros();
  }
}
