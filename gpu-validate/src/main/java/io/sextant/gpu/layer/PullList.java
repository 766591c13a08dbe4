package io.sextant.gpu.layer;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows that a GPU reads, each of which it writes to one or more rows of its own.
 *
 * @param from place of each row
 * @param to target rows of all rows
 * @param starts index in {@code to} of each row's first target, followed by their number
 * @param limited number of rows at the start that come over the slow link
 */
record PullList(List<Place> from, int[] to, int[] starts, int limited) {

  /**
   * A row in the memory of a GPU.
   *
   * @param token whether it is one of the GPU's own tokens; otherwise a row of its experts' buffers
   */
  record Place(int gpu, boolean token, int row) {}

  /** A list under construction. */
  static final class Builder {
    private final List<Place> limitedFrom = new ArrayList<>();
    private final List<int[]> limitedTo = new ArrayList<>();
    private final List<Place> otherFrom = new ArrayList<>();
    private final List<int[]> otherTo = new ArrayList<>();

    void add(boolean limited, Place from, int[] to) {
      (limited ? limitedFrom : otherFrom).add(from);
      (limited ? limitedTo : otherTo).add(to);
    }

    PullList build() {
      List<Place> from = new ArrayList<>(limitedFrom);
      from.addAll(otherFrom);
      List<int[]> targets = new ArrayList<>(limitedTo);
      targets.addAll(otherTo);
      int[] starts = new int[from.size() + 1];
      for (int i = 0; i < from.size(); i++) {
        starts[i + 1] = starts[i] + targets.get(i).length;
      }
      return new PullList(
          from,
          targets.stream().flatMapToInt(java.util.Arrays::stream).toArray(),
          starts,
          limitedFrom.size());
    }
  }
}
