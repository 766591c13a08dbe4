package io.sextant.placement.grouping;

import java.util.Arrays;

/**
 * What a router that learned {@link CostsByKey} from all other requests expects each request to
 * cost. A request that its own rows taught the router would look cheaper where its rare tokens
 * happened to be cheap, and the placement would count on groups that no router makes of later
 * requests. Sums are additive, so the request's own rows are subtracted (leave-one-out).
 */
final class LeftOutCosts {
  /** Costs are rounded to whole numbers of this unit, so that layers can be added in any order. */
  static final double UNIT = 1.0 / (1 << 20);

  private final int nodes;
  private final int[] keyOfRow;
  private final byte[] costOfRow;
  private final CostsByKey all;
  private final long[] total;
  private final long keyedRows;
  private final long[] ownSum;
  private final int[] ownRows;

  /**
   * @param keyOfRow key of each prompt row, request by request; -1 for a row without a key
   * @param costOfRow cost of each prompt row, shape [prompt rows x nodes]
   * @param all the costs that were learned from these rows in one layer
   */
  LeftOutCosts(int[] keyOfRow, byte[] costOfRow, CostsByKey all) {
    this.nodes = all.nodes();
    this.keyOfRow = keyOfRow;
    this.costOfRow = costOfRow;
    this.all = all;
    this.total = new long[nodes];
    for (int i = 0; i < all.sum().length; i++) {
      total[i % nodes] += all.sum()[i];
    }
    this.keyedRows = Arrays.stream(all.rows()).sum();
    this.ownSum = new long[all.sum().length];
    this.ownRows = new int[all.rows().length];
  }

  /**
   * Adds the expected mean cost of the rows of one request, in {@link #UNIT}.
   *
   * @param fromRow the request's first prompt row
   * @param toRow the row after its last
   * @param cost shape [nodes], from {@code at} on
   */
  void add(int fromRow, int toRow, long[] cost, int at) {
    long[] own = new long[nodes];
    int keyed = 0;
    for (int row = fromRow; row < toRow; row++) {
      int key = keyOfRow[row];
      if (key >= 0) {
        keyed++;
        ownRows[key]++;
        for (int n = 0; n < nodes; n++) {
          ownSum[key * nodes + n] += costOfRow[row * nodes + n];
          own[n] += costOfRow[row * nodes + n];
        }
      }
    }
    double[] sum = new double[nodes];
    for (int row = fromRow; row < toRow; row++) {
      int key = keyOfRow[row];
      for (int n = 0; n < nodes; n++) {
        double mean = (total[n] - own[n]) / (double) Math.max(1, keyedRows - keyed);
        sum[n] += key < 0 ? mean : expected(key, n, mean);
      }
    }
    for (int n = 0; n < nodes; n++) {
      cost[at + n] += Math.round(sum[n] / Math.max(1, toRow - fromRow) / UNIT);
    }
    forget(fromRow, toRow);
  }

  private double expected(int key, int n, double mean) {
    long others = all.sum()[key * nodes + n] - ownSum[key * nodes + n];
    return (others + CostsByKey.MEAN_ROWS * mean)
        / (all.rows()[key] - ownRows[key] + CostsByKey.MEAN_ROWS);
  }

  private void forget(int fromRow, int toRow) {
    for (int row = fromRow; row < toRow; row++) {
      int key = keyOfRow[row];
      if (key >= 0) {
        ownRows[key] = 0;
        Arrays.fill(ownSum, key * nodes, (key + 1) * nodes, 0);
      }
    }
  }
}
