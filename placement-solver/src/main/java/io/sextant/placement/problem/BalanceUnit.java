package io.sextant.placement.problem;

/** What makes one GPU slower than another. */
public enum BalanceUnit {
  /** Tokens to compute: prefill, or both phases on the same GPUs. */
  TOKENS,
  /**
   * Experts with at least one token in a step: decode, which waits for weights to be read and not
   * for arithmetic (METRO).
   */
  ACTIVATED_EXPERTS
}
