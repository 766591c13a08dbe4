package io.sextant.numerics.winograd;

import java.util.Locale;

/** The way in which weights in the Winograd domain become 0. */
public enum PruningMethod {
  /** 3 x 3 kernels are projected on the null spaces of Winograd weights. */
  SPATIAL,
  /** Winograd weights are dropped one by one. */
  DIRECT,
  /** Spatial, then direct pruning, each with a share of the error budget. */
  BOTH,
  /** Winograd weights are dropped in blocks that the tensor cores can skip. */
  BLOCKS;

  /** The printed name. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
