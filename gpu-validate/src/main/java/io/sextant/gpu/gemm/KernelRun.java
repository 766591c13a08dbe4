package io.sextant.gpu.gemm;

import io.sextant.gpu.measure.Timing;
import io.sextant.gpu.numerics.ErrorFigures;
import io.sextant.gpu.numerics.Recipe;

/**
 * What one way of calculating a product took and how far off it was.
 *
 * @param library for example {@code cublaslt 13.1.0}
 * @param algorithm the number of the library's proposal that was fastest; -1 where none ran
 * @param algorithmsTried how many of its proposals ran and gave right results
 * @param algorithmsWrong how many ran and were far from the exact outputs
 * @param matmul the product alone; null where none ran
 * @param endToEnd with the conversion of the activations, and the squared ReLU where there is one
 * @param error of sampled outputs against sums in double of the BF16 operands
 * @param refusal why it did not run; null where it did
 */
public record KernelRun(
    GemmSite site,
    int tokens,
    Recipe recipe,
    String library,
    int algorithm,
    int algorithmsTried,
    int algorithmsWrong,
    Timing matmul,
    Timing endToEnd,
    ErrorFigures error,
    String refusal) {

  static KernelRun refused(
      GemmSite site, int tokens, Recipe recipe, String library, int wrong, String refusal) {
    return new KernelRun(site, tokens, recipe, library, -1, 0, wrong, null, null, null, refusal);
  }
}
