package io.sextant.numerics.damage;

import java.util.Locale;

/** The way in which a stream's model is pruned. */
public enum PruningPolicy {
  /** The neurons are chosen once; pruned neurons are never trained again. */
  STATIC,
  /**
   * A dense model continues training; a pruned copy is derived from it in each window and served
   * (after arXiv 2010.08655).
   */
  ADAPTIVE,
  /**
   * Training alternates between pruned and full size and ends at full size (after arXiv
   * 2105.01064).
   */
  ALTERNATE;

  /** The name in files and tables. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether a window is served pruned.
   *
   * @param from first window that may be served pruned
   * @param last last window of the stream
   */
  public boolean prunes(int window, int from, int last) {
    return window >= from && (this != ALTERNATE || ((window - from) % 2 == 0 && window < last));
  }
}
