package io.sextant.placement.search;

import java.util.Arrays;

/**
 * For each expert e, node n and source s, the tokens from s that hold e and need node n for none of
 * their other experts, in units of the price of the link from s to n.
 */
final class AloneTokens {
  private final int nodes;
  private final int[] price;
  private final int[] bySource;
  private final int[] total;

  /**
   * @param price shape [nodes x nodes]: units of a token from the row's node to the column's
   */
  AloneTokens(int experts, int nodes, int[] price) {
    this.nodes = nodes;
    this.price = price;
    this.bySource = new int[experts * nodes * nodes];
    this.total = new int[experts * nodes];
  }

  /**
   * Counts a token, or no longer counts it.
   *
   * @param sign 1 or -1
   */
  void add(int expert, int node, int source, int sign) {
    int change = sign * price[source * nodes + node];
    bySource[(expert * nodes + node) * nodes + source] += change;
    total[expert * nodes + node] += change;
  }

  /**
   * Adds the expected tokens that each node receives for an expert alone, if a set of nodes holds
   * it. A token is never alone on the node that it starts from, so a single copy needs no sum over
   * sources.
   *
   * @param sign 1, or -1 to subtract them
   * @param change shape [nodes], added to
   */
  void addExpected(int expert, long set, int sign, double[] change) {
    int copies = Long.bitCount(set);
    if (copies == 0 || copies == nodes) {
      return;
    }
    if (copies == 1) {
      int n = Long.numberOfTrailingZeros(set);
      change[n] += sign * (double) total[expert * nodes + n];
      return;
    }
    double share = sign / (double) copies;
    for (long left = set; left != 0; left &= left - 1) {
      int n = Long.numberOfTrailingZeros(left);
      int row = (expert * nodes + n) * nodes;
      int sum = 0;
      for (int s = 0; s < nodes; s++) {
        if ((set >>> s & 1) == 0) {
          sum += bySource[row + s];
        }
      }
      change[n] += share * sum;
    }
  }

  /** Whether every count is the same: for tests. */
  boolean sameAs(AloneTokens other) {
    return Arrays.equals(bySource, other.bySource) && Arrays.equals(total, other.total);
  }
}
