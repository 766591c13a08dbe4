package io.sextant.placement.evaluate;

/** The phases of the rows that a group of GPUs computes. */
public enum ServedPhases {
  /** Prefill and decode. */
  BOTH,
  /** Prefill alone. */
  PREFILL,
  /** Decode alone. */
  DECODE
}
