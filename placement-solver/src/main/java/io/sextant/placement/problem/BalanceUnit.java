package io.sextant.placement.problem;

/** The unit of a GPU's load: the work that makes one GPU slower than another. */
public enum BalanceUnit {
  /** Tokens to compute: prefill, or both phases on the same GPUs. */
  TOKENS,
  /**
   * Experts with at least one token in a step: decode, which waits for weights to be read and not
   * for arithmetic (METRO: docs/solver.md, "Pools").
   */
  ACTIVATED_EXPERTS
}
