package io.sextant.numerics.attention;

import io.sextant.numerics.dispatch.KernelFigures;
import io.sextant.numerics.gemm.ErrorFigures;
import io.sextant.numerics.gemm.Recipe;

/**
 * One kernel of an attention site, for {@code dispatch}. Each pair of windows is a separate model,
 * and its speedups are relative to dot-product attention. The two kinds of attention are different
 * functions, so the choice is made before training and cannot be changed afterwards.
 *
 * @param w1 first window of the model, also given for its dot-product attention
 * @param simplicial true for 2-simplicial attention, false for dot-product attention
 * @param error error on random operands, relative to a reference in double
 */
public record AttentionCandidate(
    int w1, int w2, boolean simplicial, AttentionRate rate, ErrorFigures error) {

  /** The candidate as a line of {@code kernel_runs}. */
  public KernelFigures figures(AttentionShape shape, String device) {
    return new KernelFigures(
        "attention-%dx%d".formatted(w1, w2),
        "attn.core",
        shape.keyHeads() * shape.headsOfKey() * AttentionShape.WIDTH,
        AttentionShape.WIDTH,
        shape.tokens(),
        Recipe.BF16.id(),
        // Must not equal OWN: dispatch takes the first of the two lines as the library's BF16, the
        // baseline of speedups.
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
        null,
        rate.timing().values(),
        null);
  }
}
