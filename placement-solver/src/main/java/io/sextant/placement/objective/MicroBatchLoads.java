package io.sextant.placement.objective;

import io.sextant.placement.problem.BalanceUnit;
import io.sextant.placement.problem.LayerTokens;

/**
 * Tokens of each expert in each micro-batch, by the node they start from.
 *
 * <p>The load of a copy is the tokens it computes, or at most one if activated experts are
 * balanced. That is exact for an expert with one copy, and an upper bound if a hash deals tokens
 * out to several.
 *
 * @param unit the unit of load
 * @param batches micro-batches
 * @param experts logical experts
 * @param nodes source nodes
 * @param counts shape [batches][experts x nodes]
 */
public record MicroBatchLoads(
    BalanceUnit unit, int batches, int experts, int nodes, int[][] counts) {
  /** Decode steps are many and alike, so a part of them is enough. Chosen without a measurement. */
  private static final int MOST_STEPS = 256;

  /**
   * Cuts a layer's tokens into micro-batches of consecutive tokens. Fewer tokens than one
   * micro-batch make a single one; of many decode steps some are taken, evenly spaced.
   */
  public static MicroBatchLoads of(
      LayerTokens layer, int nodes, int microBatchTokens, BalanceUnit unit) {
    int all = Math.max(1, layer.tokens() / microBatchTokens);
    int batches = unit == BalanceUnit.TOKENS ? all : Math.min(all, MOST_STEPS);
    int perBatch = Math.min(microBatchTokens, layer.tokens());
    int[][] counts = new int[batches][layer.experts() * nodes];
    int k = layer.topK();
    short[] ids = layer.ids();
    for (int b = 0; b < batches; b++) {
      int[] row = counts[b];
      int taken = (int) ((long) b * all / batches);
      for (int t = taken * perBatch, end = t + perBatch; t < end; t++) {
        int source = layer.sourceNode()[t];
        for (int i = t * k; i < (t + 1) * k; i++) {
          row[ids[i] * nodes + source]++;
        }
      }
    }
    return new MicroBatchLoads(unit, batches, layer.experts(), nodes, counts);
  }

  /** At most this many of the micro-batches, evenly spaced. */
  public MicroBatchLoads spaced(int most) {
    int taken = Math.min(most, batches);
    int[][] some = new int[taken][];
    for (int b = 0; b < taken; b++) {
      some[b] = counts[(int) ((long) b * batches / taken)];
    }
    return new MicroBatchLoads(unit, taken, experts, nodes, some);
  }

  /** Tokens of an expert in a micro-batch, from all nodes. */
  public int tokens(int batch, int expert) {
    int tokens = 0;
    for (int s = 0; s < nodes; s++) {
      tokens += counts[batch][expert * nodes + s];
    }
    return tokens;
  }

  /** The largest load that a copy can have in a micro-batch. */
  public float most() {
    return unit == BalanceUnit.TOKENS ? Float.POSITIVE_INFINITY : 1;
  }

  /**
   * The factor from the load of a GPU to its ratio to the mean GPU, if each expert were on one GPU.
   *
   * @return shape [batches]
   */
  public float[] scale(int gpus) {
    float[] scale = new float[batches];
    for (int b = 0; b < batches; b++) {
      long sum = 0;
      for (int e = 0; e < experts; e++) {
        int tokens = tokens(b, e);
        sum += unit == BalanceUnit.TOKENS ? tokens : Math.min(1, tokens);
      }
      scale[b] = sum == 0 ? 0 : gpus / (float) sum;
    }
    return scale;
  }

  /**
   * Adds the load of one of an expert's copies: its share of the tokens that start on its node, and
   * of those that start on nodes without a copy.
   *
   * @param copiesOn shape [nodes]: how many copies of the expert each node holds
   * @param into shape [batches]
   */
  public void addCopyLoad(int expert, int node, int[] copiesOn, float[] into) {
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
      into[b] += Math.min(most(), load);
    }
  }
}
