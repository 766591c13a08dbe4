package io.sextant.numerics.attention;

import io.sextant.numerics.format.Bf16;

/**
 * Emulates the kernel's roundings on the CPU: queries times k' are rounded to BF16, weights
 * relative to the maximum logit to BF16, and the output to BF16. Sums are in double, because a
 * tensor core's own rounding error is far smaller. The kernel's running maximum logit differs from
 * the final one by a factor of at most 2^8, which does not change relative rounding.
 */
final class EmulatedAttention {
  private EmulatedAttention() {}

  /** As {@link SimplicialReference#output}. */
  static double[] output(
      SimplicialReference operands, int token, int keyHead, int head, int w1, int w2) {
    AttentionShape shape = operands.shape();
    int width = AttentionShape.WIDTH;
    int query = ((token * shape.keyHeads() + keyHead) * shape.headsOfKey() + head) * width;
    int firstJ = Math.max(0, token - w1 + 1);
    int firstK = operands.secondKeys() == null ? token : Math.max(0, token - w2 + 1);
    int js = token - firstJ + 1;
    int ks = token - firstK + 1;
    double[] logits = new double[js * ks];
    double most = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < ks; k++) {
      int second = ((firstK + k) * shape.keyHeads() + keyHead) * width;
      for (int j = 0; j < js; j++) {
        int first = ((firstJ + j) * shape.keyHeads() + keyHead) * width;
        double sum = 0;
        for (int l = 0; l < width; l++) {
          float folded =
              operands.secondKeys() == null
                  ? operands.queries()[query + l]
                  : Bf16.round(operands.queries()[query + l] * operands.secondKeys()[second + l]);
          sum += (double) folded * operands.keys()[first + l];
        }
        logits[k * js + j] = sum / Math.sqrt(width);
        most = Math.max(most, logits[k * js + j]);
      }
    }
    double total = 0;
    double[] output = new double[width];
    for (int k = 0; k < ks; k++) {
      int second = ((firstK + k) * shape.keyHeads() + keyHead) * width;
      for (int j = 0; j < js; j++) {
        int first = ((firstJ + j) * shape.keyHeads() + keyHead) * width;
        float weight = (float) Math.exp(logits[k * js + j] - most);
        total += weight;
        for (int l = 0; l < width; l++) {
          output[l] +=
              Bf16.round(weight)
                  * operands.values()[first + l]
                  * (operands.secondValues() == null ? 1.0 : operands.secondValues()[second + l]);
        }
      }
    }
    for (int l = 0; l < width; l++) {
      output[l] = Bf16.round((float) (output[l] / total));
    }
    return output;
  }
}
