package io.sextant.placement.baseline;

import java.util.Arrays;

/** Swaps experts of two groups, the best swap of each expert in turn, until none helps. */
final class GroupSwaps {
  /** How much of the mean load a group may have. Chosen without a measurement. */
  static final double LOAD_LIMIT = 1.1;

  private final int[] groupOf;
  private final double[] load;
  private final long[][] together;
  private final double[] groupLoad;
  private final long[][] toGroup;

  /**
   * @param groupOf shape [experts]: the group of each; changed in place
   * @param load shape [experts]: tokens of each
   * @param together shape [experts][experts]: tokens that hold both
   */
  GroupSwaps(int[] groupOf, double[] load, long[][] together, int groups) {
    this.groupOf = groupOf;
    this.load = load;
    this.together = together;
    this.groupLoad = new double[groups];
    this.toGroup = new long[load.length][groups];
    for (int e = 0; e < load.length; e++) {
      groupLoad[groupOf[e]] += load[e];
      for (int other = 0; other < load.length; other++) {
        toGroup[e][groupOf[other]] += together[e][other];
      }
    }
  }

  void run() {
    double limit =
        Math.max(
            LOAD_LIMIT * Arrays.stream(load).sum() / groupLoad.length,
            Arrays.stream(groupLoad).max().orElse(0));
    boolean improved = true;
    while (improved) {
      improved = false;
      for (int a = 0; a < load.length; a++) {
        int best = bestPartner(a, limit);
        if (best >= 0) {
          exchange(a, best);
          improved = true;
        }
      }
    }
  }

  /** The expert whose exchange with {@code a} keeps most co-activation inside groups, or -1. */
  private int bestPartner(int a, double limit) {
    int best = -1;
    long most = 0;
    for (int b = 0; b < load.length; b++) {
      int from = groupOf[a];
      int to = groupOf[b];
      double shifted = load[b] - load[a];
      if (from != to && groupLoad[from] + shifted <= limit && groupLoad[to] - shifted <= limit) {
        long gain =
            toGroup[a][to]
                - toGroup[a][from]
                + toGroup[b][from]
                - toGroup[b][to]
                - 2 * together[a][b];
        if (gain > most) {
          most = gain;
          best = b;
        }
      }
    }
    return best;
  }

  private void exchange(int a, int b) {
    int from = groupOf[a];
    int to = groupOf[b];
    for (int e = 0; e < load.length; e++) {
      long moved = together[e][a] - together[e][b];
      toGroup[e][from] -= moved;
      toGroup[e][to] += moved;
    }
    groupLoad[from] += load[b] - load[a];
    groupLoad[to] += load[a] - load[b];
    groupOf[a] = to;
    groupOf[b] = from;
  }
}
