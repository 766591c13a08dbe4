package io.sextant.placement.evaluate;

import java.io.Serializable;

/**
 * Predicted time of one MoE layer for one micro-batch: the slowest GPU's expert work plus the
 * slowest node's receive.
 *
 * @param work a GPU's expert work
 * @param microsPerReceivedToken sending one token's hidden state to a node and its result back
 */
public record CostModel(ExpertWork work, double microsPerReceivedToken) implements Serializable {

  /** By the roofline of these rates. */
  public CostModel(
      double microsPerToken, double microsPerActivatedExpert, double microsPerReceivedToken) {
    this(new RooflineWork(microsPerToken, microsPerActivatedExpert), microsPerReceivedToken);
  }

  /** Time of a GPU that computes {@code tokens} rows over {@code activated} experts. */
  public double gpuMicros(long tokens, int activated) {
    return work.micros(tokens, activated);
  }

  /**
   * Time for a node to receive {@code tokens} hidden states and return their results; tokens over
   * unequal links count by the price of theirs.
   */
  public double receiveMicros(double tokens) {
    return tokens * microsPerReceivedToken;
  }
}
