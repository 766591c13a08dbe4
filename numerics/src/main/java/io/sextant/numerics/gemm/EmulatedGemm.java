package io.sextant.numerics.gemm;

import io.sextant.numerics.format.Bf16;
import io.sextant.numerics.format.Fp8Format;
import io.sextant.numerics.format.Granularity;
import io.sextant.numerics.format.ScaledMatrix;
import io.sextant.numerics.format.TwoOfFour;

/**
 * Emulates the products of a GPU under a {@link Recipe}: operands are quantised bit for bit, sums
 * are in double (a tensor core's own rounding error is far below that of FP8), and the result is
 * rounded to BF16.
 */
public final class EmulatedGemm {
  private EmulatedGemm() {}

  /**
   * @param activations activations, shape [tokens, k], row-major
   * @param weights weights, shape [out, k], row-major
   * @return outputs, shape [tokens, out]
   */
  public static float[] multiply(
      Recipe recipe, float[] activations, float[] weights, int tokens, int out, int k) {
    float[] kept = recipe.sparse24() ? TwoOfFour.pruned(activations) : activations;
    float[] outputs =
        recipe.fp8()
            ? exact(
                quantised(recipe.activations(), kept, tokens, k),
                quantised(recipe.weights(), weights, out, k),
                tokens,
                out,
                k)
            : exact(kept, weights, tokens, out, k);
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = Bf16.round(outputs[i]);
    }
    return outputs;
  }

  /** The same product, in which only the result is rounded, to a float. */
  public static float[] exact(float[] activations, float[] weights, int tokens, int out, int k) {
    float[] outputs = new float[tokens * out];
    for (int token = 0; token < tokens; token++) {
      int x = token * k;
      for (int column = 0; column < out; column++) {
        int w = column * k;
        double sum = 0;
        for (int i = 0; i < k; i++) {
          sum += (double) activations[x + i] * weights[w + i];
        }
        outputs[token * out + column] = (float) sum;
      }
    }
    return outputs;
  }

  private static float[] quantised(Granularity granularity, float[] values, int rows, int k) {
    return ScaledMatrix.of(Fp8Format.E4M3, granularity, values, rows, k).values();
  }
}
