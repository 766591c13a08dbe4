package io.sextant.placement.decision;

/** The decision about a candidate placement. */
public enum Verdict {
  /** The candidate is better by more than chance, the cost of moving and the least gain. */
  PUBLISH,
  /** No gain worth moving for. */
  KEEP,
  /** The held-out traffic cannot tell. */
  INSUFFICIENT_EVIDENCE
}
