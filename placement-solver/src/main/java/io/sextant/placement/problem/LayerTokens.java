package io.sextant.placement.problem;

/**
 * Tokens of one layer in arrival order.
 *
 * @param experts logical experts of the layer
 * @param topK experts of a token
 * @param ids shape [tokens x topK]: the logical experts of each token, distinct within a token
 * @param sourceNode shape [tokens]: the node the token starts from
 */
public record LayerTokens(int experts, int topK, short[] ids, byte[] sourceNode) {

  public LayerTokens {
    if (ids.length != sourceNode.length * topK) {
      throw new IllegalArgumentException(
          "%d ids do not make %d tokens of top-%d".formatted(ids.length, sourceNode.length, topK));
    }
  }

  /** How many tokens there are. */
  public int tokens() {
    return sourceNode.length;
  }
}
