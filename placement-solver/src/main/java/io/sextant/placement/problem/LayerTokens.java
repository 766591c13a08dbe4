package io.sextant.placement.problem;

/**
 * Tokens of one layer in arrival order.
 *
 * @param experts logical experts of the layer
 * @param topK experts of a token
 * @param ids shape [tokens x topK]: the logical experts of each token, distinct within a token
 * @param sourceNode shape [tokens]: the node the token starts from
 * @param sourceLocalGpu shape [tokens]: the GPU it starts from, counted within its node
 */
public record LayerTokens(
    int experts, int topK, short[] ids, byte[] sourceNode, byte[] sourceLocalGpu) {

  public LayerTokens {
    if (ids.length != sourceNode.length * topK) {
      throw new IllegalArgumentException(
          "%d ids do not make %d tokens of top-%d".formatted(ids.length, sourceNode.length, topK));
    }
    if (sourceLocalGpu.length != sourceNode.length) {
      throw new IllegalArgumentException(
          "%d tokens have %d source GPUs".formatted(sourceNode.length, sourceLocalGpu.length));
    }
  }

  /** Tokens that start from the first GPU of their node. */
  public LayerTokens(int experts, int topK, short[] ids, byte[] sourceNode) {
    this(experts, topK, ids, sourceNode, new byte[sourceNode.length]);
  }

  /** How many tokens there are. */
  public int tokens() {
    return sourceNode.length;
  }

  /** The GPU that a token starts from. */
  public int sourceGpu(int token, int gpusPerNode) {
    return sourceNode[token] * gpusPerNode + sourceLocalGpu[token];
  }

  /** The same tokens of a layer that has more experts, which no token uses. */
  public LayerTokens withExperts(int more) {
    return new LayerTokens(more, topK, ids, sourceNode, sourceLocalGpu);
  }

  /** About {@code most} of the tokens, evenly spaced; all of them if there are no more. */
  public LayerTokens thinned(int most) {
    int n = tokens();
    if (n <= most) {
      return this;
    }
    short[] someIds = new short[most * topK];
    byte[] nodes = new byte[most];
    byte[] gpus = new byte[most];
    for (int i = 0; i < most; i++) {
      int t = (int) ((long) i * n / most);
      System.arraycopy(ids, t * topK, someIds, i * topK, topK);
      nodes[i] = sourceNode[t];
      gpus[i] = sourceLocalGpu[t];
    }
    return new LayerTokens(experts, topK, someIds, nodes, gpus);
  }
}
