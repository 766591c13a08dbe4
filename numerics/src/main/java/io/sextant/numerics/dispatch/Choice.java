package io.sextant.numerics.dispatch;

import java.util.List;

/**
 * The kernel for one product at one number of tokens.
 *
 * @param kernel the chosen kernel
 * @param error its relative Frobenius error
 * @param bf16 the library's BF16 kernel, the baseline of speedups
 * @param losers all other kernels, with the reason
 */
public record Choice(KernelFigures kernel, double error, KernelFigures bf16, List<Loser> losers) {

  /** A kernel that was not chosen, with the reason. */
  public record Loser(KernelFigures kernel, String reason) {}

  /** Speedup over the library's BF16. */
  public double speedup() {
    return bf16.endToEndUs() / kernel.endToEndUs();
  }
}
