package io.sextant.numerics.damage;

import io.sextant.numerics.pruning.ImportanceTrace;
import java.io.Serializable;
import java.util.Arrays;

/**
 * The importance that a hidden layer loses in each window if only the most important neurons of the
 * previous window are served.
 *
 * @param trace the layer
 * @param widths numbers of neurons that may be kept, ascending
 * @param lost lost importance, shape [windows][widths]; NaN in window 0, which has no previous
 *     window
 */
public record LayerLosses(ImportanceTrace trace, int[] widths, double[][] lost)
    implements Serializable {

  /**
   * The losses of a layer.
   *
   * @param widths numbers of neurons that may be kept, ascending
   */
  public static LayerLosses of(ImportanceTrace trace, int[] widths) {
    double[][] lost = new double[trace.windows().length][widths.length];
    Arrays.fill(lost[0], Double.NaN);
    for (int window = 1; window < lost.length; window++) {
      for (int i = 0; i < widths.length; i++) {
        lost[window][i] = trace.lostFollowing(window, widths[i]);
      }
    }
    return new LayerLosses(trace, widths, lost);
  }

  /** Index of a width. */
  private int indexOf(int kept) {
    int index = Arrays.binarySearch(widths, kept);
    if (index < 0) {
      throw new IllegalArgumentException(kept + " is not a width of " + trace.layer());
    }
    return index;
  }

  /** The layer's part of a window's damage if {@code kept} neurons are kept. */
  public double damage(int window, int kept) {
    return DamageModel.damage(lost[window][indexOf(kept)]);
  }

  /** The same, averaged over the windows {@code from} (inclusive) to {@code to} (exclusive). */
  public double damage(int from, int to, int kept) {
    double sum = 0;
    for (int window = from; window < to; window++) {
      sum += damage(window, kept);
    }
    return sum / (to - from);
  }
}
