package io.sextant.numerics.winograd;

import java.util.Locale;

/** How weights of the Winograd domain become 0. */
public enum PruningMethod {
  /** 3 x 3 kernels are projected on null spaces of Winograd weights. */
  SPATIAL,
  /** Winograd weights are left out one by one. */
  DIRECT,
  /** Spatial, then direct pruning, each with a share of the error budget. */
  BOTH,
  /** Winograd weights are left out in blocks that the tensor cores can skip. */
  BLOCKS;

  /** The name that is printed. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
