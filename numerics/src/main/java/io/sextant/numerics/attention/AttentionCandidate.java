package io.sextant.numerics.attention;

import io.sextant.numerics.dispatch.KernelFigures;
import io.sextant.numerics.gemm.ErrorFigures;
import io.sextant.numerics.gemm.Recipe;

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
    int w1, int w2, boolean simplicial, AttentionRate rate, ErrorFigures error) {

  /** As a line of {@code kernel_runs}. */
  public KernelFigures figures(AttentionShape shape, String device) {
    return new KernelFigures(
        "attention-%dx%d".formatted(w1, w2),
        "attn.core",
        shape.keyHeads() * shape.headsOfKey() * AttentionShape.WIDTH,
        AttentionShape.WIDTH,
        shape.tokens(),
        Recipe.BF16.id(),
        // Not our own second to a library's: the first of the two is what speedups are against.
        KernelFigures.OWN + (simplicial ? " 2-simplicial" : " dot product"),
        device,
        0,
        1,
        0,
        rate.timing().median(),
        rate.timing().median(),
        rate.timing().low(),
        rate.timing().high(),
        error.relativeFrobenius(),
        error.sqnrDb(),
        error.calcDiff(),
        error.mere(),
        error.mereFloor(),
        error.mereCount(),
        null);
  }
}
