package io.sextant.numerics.attention;

import io.sextant.numerics.dispatch.KernelFigures;
import io.sextant.numerics.gemm.ErrorFigures;
import io.sextant.numerics.gemm.Recipe;

/**
 * One kernel of an attention site, for {@code dispatch}: each pair of windows is a model of its
 * own, and its speedups are against dot-product attention. The two are different functions, so the
 * choice is made before training; kernels cannot be swapped afterwards.
 *
 * @param w1 first window of the model, for its dot-product attention too
 * @param simplicial whether it is 2-simplicial
 * @param error error on random operands, against a reference in double
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
