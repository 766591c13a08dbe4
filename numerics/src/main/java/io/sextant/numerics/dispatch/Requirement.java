package io.sextant.numerics.dispatch;

/**
 * What a kernel must achieve to be chosen instead of BF16.
 *
 * @param mostError maximum relative Frobenius error
 * @param leastSpeedup minimum speedup over BF16, conversions included; LoKA takes 1.05
 * @param mostWorkspaceBytes maximum memory that a kernel may need beside operands and outputs
 */
public record Requirement(double mostError, double leastSpeedup, long mostWorkspaceBytes) {

  /** A requirement without a limit on the workspace. */
  public Requirement(double mostError, double leastSpeedup) {
    this(mostError, leastSpeedup, Long.MAX_VALUE);
  }
}
