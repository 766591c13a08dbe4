package io.sextant.numerics.damage;

import java.util.Locale;

/** How a stream's model is pruned. */
public enum PruningPolicy {
  /** Neurons are chosen once, and the rest is never trained again. */
  STATIC,
  /**
   * A dense model goes on learning; a pruned copy of it is served and derived again in each window
   * (after arXiv 2010.08655).
   */
  ADAPTIVE,
  /** Pruned and full size in turns, full size at the end (after arXiv 2105.01064). */
  ALTERNATE;

  /** The name in files and tables. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether a window is served pruned.
   *
   * @param from first window that may be
   * @param last window of the stream
   */
  public boolean prunes(int window, int from, int last) {
    return window >= from && (this != ALTERNATE || ((window - from) % 2 == 0 && window < last));
  }
}
