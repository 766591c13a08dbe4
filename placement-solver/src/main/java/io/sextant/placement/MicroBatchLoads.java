package io.sextant.placement;

/**
 * Tokens of each expert in each micro-batch, by the node they start from.
 *
 * @param batches micro-batches
 * @param experts logical experts
 * @param nodes source nodes
 * @param counts shape [batches][experts x nodes]
 */
record MicroBatchLoads(int batches, int experts, int nodes, int[][] counts) {

  /**
   * Cuts a layer's tokens into micro-batches of consecutive tokens. Fewer tokens than one
   * micro-batch make a single one.
   */
  static MicroBatchLoads of(LayerTokens layer, int nodes, int microBatchTokens) {
    int batches = Math.max(1, layer.tokens() / microBatchTokens);
    int perBatch = Math.min(microBatchTokens, layer.tokens());
    int[][] counts = new int[batches][layer.experts() * nodes];
    int k = layer.topK();
    short[] ids = layer.ids();
    for (int b = 0; b < batches; b++) {
      int[] row = counts[b];
      for (int t = b * perBatch, end = t + perBatch; t < end; t++) {
        int source = layer.sourceNode()[t];
        for (int i = t * k; i < (t + 1) * k; i++) {
          row[ids[i] * nodes + source]++;
        }
      }
    }
    return new MicroBatchLoads(batches, layer.experts(), nodes, counts);
  }

  /**
   * Adds the load of one of an expert's copies: its share of the tokens that start on its node, and
   * of those that start where no copy is.
   *
   * @param copiesOn shape [nodes]: how many copies of the expert each node holds
   * @param into shape [batches]
   */
  void addCopyLoad(int expert, int node, int[] copiesOn, float[] into) {
    int copies = 0;
    for (int n = 0; n < nodes; n++) {
      copies += copiesOn[n];
    }
    float share = 1f / copies;
    for (int b = 0; b < batches; b++) {
      int[] row = counts[b];
      float load = 0;
      for (int s = 0; s < nodes; s++) {
        int tokens = row[expert * nodes + s];
        if (s == node) {
          load += tokens / (float) copiesOn[node];
        } else if (copiesOn[s] == 0) {
          load += tokens * share;
        }
      }
      into[b] += load;
    }
  }
}
