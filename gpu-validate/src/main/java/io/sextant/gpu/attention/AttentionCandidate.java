package io.sextant.gpu.attention;

import io.sextant.gpu.gemm.KernelFigures;
import io.sextant.gpu.kernel.AttentionKernels;
import io.sextant.gpu.numerics.ErrorFigures;
import io.sextant.gpu.numerics.Recipe;

/**
 * One way of an attention site, for {@code dispatch}: as a model of its own for each pair of
 * windows, with dot-product attention as what speedups are against. The two are different
 * functions: which is cheaper at a context is a question before training, not a kernel to swap
 * afterwards.
 *
 * @param w1 the first window of the model, also where this is its dot-product attention
 * @param simplicial whether it is 2-simplicial
 * @param error on random operands, against a reference in double
 */
public record AttentionCandidate(
    int w1, int w2, boolean simplicial, AttentionBench.Result result, ErrorFigures error) {

  /** As a line of {@code kernel_runs}. */
  public KernelFigures figures(AttentionKernels.Shape shape, String device) {
    return new KernelFigures(
        "attention-%dx%d".formatted(w1, w2),
        "attn.core",
        shape.keyHeads() * shape.headsOfKey() * AttentionKernels.WIDTH,
        AttentionKernels.WIDTH,
        shape.tokens(),
        Recipe.BF16.id(),
        // Not our own second to a library's: the first of the two is what speedups are against.
        KernelFigures.OWN + (simplicial ? " 2-simplicial" : " dot product"),
        device,
        0,
        1,
        0,
        result.timing().median(),
        result.timing().median(),
        result.timing().low(),
        result.timing().high(),
        error.relativeFrobenius(),
        error.sqnrDb(),
        error.calcDiff(),
        error.mere(),
        error.mereFloor(),
        error.mereCount(),
        null);
  }
}
