package io.sextant.numerics.attention;

import java.util.Arrays;

/**
 * Attention in double on the CPU, for single tokens and heads. In 2-simplicial attention (arXiv
 * 2507.02754), the logit of a query i with a pair (j, k) is d^-1/2 sum_l q_il k_jl k'_kl, one
 * softmax runs over all pairs of the causal windows, and the output is sum_jk S_ijk (v_j o v'_k).
 *
 * @param keys keys, shape [tokens, key heads, 128], as all operands but the queries
 * @param secondKeys k'; null for dot-product attention, like the second values
 */
public record SimplicialReference(
    AttentionShape shape,
    float[] queries,
    float[] keys,
    float[] values,
    float[] secondKeys,
    float[] secondValues) {

  /**
   * The output of one token and query head, 128 wide.
   *
   * @param w1 number of last keys that a token sees, including its own
   * @param w2 number of last second keys that a token sees; 1 for dot-product attention
   */
  double[] output(int token, int keyHead, int head, int w1, int w2) {
    int width = AttentionShape.WIDTH;
    int query = ((token * shape.keyHeads() + keyHead) * shape.headsOfKey() + head) * width;
    int firstJ = Math.max(0, token - w1 + 1);
    int firstK = secondKeys == null ? token : Math.max(0, token - w2 + 1);
    int js = token - firstJ + 1;
    int ks = token - firstK + 1;
    double[] logits = new double[js * ks];
    double most = Double.NEGATIVE_INFINITY;
    double[] folded = new double[width];
    for (int k = 0; k < ks; k++) {
      int second = row(firstK + k, keyHead);
      for (int l = 0; l < width; l++) {
        folded[l] = queries[query + l] * (secondKeys == null ? 1.0 : secondKeys[second + l]);
      }
      for (int j = 0; j < js; j++) {
        int first = row(firstJ + j, keyHead);
        double sum = 0;
        for (int l = 0; l < width; l++) {
          sum += folded[l] * keys[first + l];
        }
        double logit = sum / Math.sqrt(width);
        logits[k * js + j] = logit;
        most = Math.max(most, logit);
      }
    }
    double total = 0;
    double[] output = new double[width];
    double[] ofK = new double[width];
    for (int k = 0; k < ks; k++) {
      Arrays.fill(ofK, 0);
      for (int j = 0; j < js; j++) {
        double weight = Math.exp(logits[k * js + j] - most);
        total += weight;
        int first = row(firstJ + j, keyHead);
        for (int l = 0; l < width; l++) {
          ofK[l] += weight * values[first + l];
        }
      }
      int second = row(firstK + k, keyHead);
      for (int l = 0; l < width; l++) {
        output[l] += ofK[l] * (secondValues == null ? 1.0 : secondValues[second + l]);
      }
    }
    for (int l = 0; l < width; l++) {
      output[l] /= total;
    }
    return output;
  }

  private int row(int token, int keyHead) {
    return (token * shape.keyHeads() + keyHead) * AttentionShape.WIDTH;
  }
}
