package io.sextant.gpu.layer;

import java.util.ArrayList;
import java.util.List;

/**
 * Weighted sums of rows that a GPU writes to consecutive rows.
 *
 * @param from place of each term
 * @param weights weight of each term
 * @param starts index of each sum's first term, followed by their number
 * @param limitedUntil number of terms up to each sum's last that come over the slow link
 * @param finalOutputs whether the sums are the layer's outputs; otherwise they are rows of the
 *     experts' outputs
 * @param firstTarget the row of the first sum
 */
record ReduceList(
    List<PullList.Place> from,
    float[] weights,
    int[] starts,
    int[] limitedUntil,
    boolean finalOutputs,
    int firstTarget) {

  int sums() {
    return limitedUntil.length;
  }

  /** A list under construction; sums are added one after the other. */
  static final class Builder {
    private final List<PullList.Place> from = new ArrayList<>();
    private final List<Float> weights = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>(List.of(0));
    private final List<Integer> limitedUntil = new ArrayList<>();
    private int limited;

    void term(boolean overSlowLink, PullList.Place place, float weight) {
      from.add(place);
      weights.add(weight);
      limited += overSlowLink ? 1 : 0;
    }

    void endSum() {
      starts.add(from.size());
      limitedUntil.add(limited);
    }

    ReduceList build(boolean finalOutputs, int firstTarget) {
      float[] factors = new float[weights.size()];
      for (int i = 0; i < factors.length; i++) {
        factors[i] = weights.get(i);
      }
      return new ReduceList(
          from,
          factors,
          starts.stream().mapToInt(Integer::intValue).toArray(),
          limitedUntil.stream().mapToInt(Integer::intValue).toArray(),
          finalOutputs,
          firstTarget);
    }
  }
}
