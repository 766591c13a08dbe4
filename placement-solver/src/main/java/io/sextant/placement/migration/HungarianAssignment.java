package io.sextant.placement.migration;

import java.util.Arrays;

/**
 * The assignment of least cost (Kuhn 1955, Munkres 1957), by shortest augmenting paths with
 * potentials in O(n^3) (Jonker and Volgenant 1987).
 */
final class HungarianAssignment {
  private static final int NONE = -1;

  private HungarianAssignment() {}

  /**
   * @param cost shape [n][n]: of giving a row a column; sums of n must fit a long
   * @return shape [n]: the column of each row, every column once, at the least sum of costs
   */
  static int[] solve(long[][] cost) {
    int n = cost.length;
    long[] rowPotential = new long[n];
    // Column n is a stand-in that the row being added starts from.
    long[] columnPotential = new long[n + 1];
    int[] rowOf = new int[n + 1];
    int[] before = new int[n];
    Arrays.fill(rowOf, NONE);
    for (int row = 0; row < n; row++) {
      rowOf[n] = row;
      int column = n;
      long[] slack = new long[n];
      boolean[] reached = new boolean[n + 1];
      Arrays.fill(slack, Long.MAX_VALUE);
      while (rowOf[column] != NONE) {
        reached[column] = true;
        int from = rowOf[column];
        int nearest = NONE;
        for (int c = 0; c < n; c++) {
          if (reached[c]) {
            continue;
          }
          long reduced = cost[from][c] - rowPotential[from] - columnPotential[c];
          if (reduced < slack[c]) {
            slack[c] = reduced;
            before[c] = column;
          }
          if (nearest == NONE || slack[c] < slack[nearest]) {
            nearest = c;
          }
        }
        long step = slack[nearest];
        for (int c = 0; c <= n; c++) {
          if (reached[c]) {
            rowPotential[rowOf[c]] += step;
            columnPotential[c] -= step;
          } else if (c < n) {
            slack[c] -= step;
          }
        }
        column = nearest;
      }
      while (column != n) {
        rowOf[column] = rowOf[before[column]];
        column = before[column];
      }
    }
    int[] columnOf = new int[n];
    for (int c = 0; c < n; c++) {
      columnOf[rowOf[c]] = c;
    }
    return columnOf;
  }
}
