package io.sextant.placement;

import java.io.Serializable;

/**
 * Predicted time of one MoE layer for one micro-batch: the slowest GPU's expert work plus the
 * slowest node's receive.
 *
 * <p>A GPU's expert work is a roofline: the larger of its arithmetic (tokens x experts) and of
 * reading the weights of the experts that have a token.
 *
 * @param microsPerToken arithmetic of one token in one expert
 * @param microsPerActivatedExpert reading one expert's weights
 * @param microsPerReceivedToken sending one token's hidden state to a node and its result back
 */
public record CostModel(
    double microsPerToken, double microsPerActivatedExpert, double microsPerReceivedToken)
    implements Serializable {

  /** Time of a GPU that computes {@code tokens} rows over {@code activated} experts. */
  public double gpuMicros(long tokens, int activated) {
    return Math.max(tokens * microsPerToken, activated * microsPerActivatedExpert);
  }

  /**
   * Time for a node to receive {@code tokens} hidden states and return their results; tokens over
   * unequal links count by the price of theirs.
   */
  public double receiveMicros(double tokens) {
    return tokens * microsPerReceivedToken;
  }
}
