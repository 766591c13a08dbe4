package io.sextant.placement.grouping;

import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What rows with the same key cost on each node. The key of a row is its token id or its request's
 * label. Sums are whole numbers, so that they can be merged in any order.
 *
 * @param nodes nodes that a request can run on
 * @param rows number of rows of each key, shape [keys]; summed over the layers
 * @param sum cost of each key's rows, shape [keys x nodes]; summed over the layers
 */
public record CostsByKey(int nodes, long[] rows, long[] sum) implements Serializable {
  /**
   * Rows that the mean of all rows counts for in the cost of a key, so that a rare key costs nearly
   * the mean (docs/evidence/grouping.md).
   */
  public static final double MEAN_ROWS = 1;

  /**
   * Learns from the prompts of one layer.
   *
   * @param keyOfRow key of each row that is learned from, request by request; -1 for a row without
   *     a key
   * @param keys number of keys
   */
  public static CostsByKey of(
      LayerRequests layer, RouteCost costs, int[] keyOfRow, int keys, int nodes) {
    return ofRows(nodes, keys, keyOfRow, costsOfRows(layer, costs, nodes));
  }

  static CostsByKey ofRows(int nodes, int keys, int[] keyOfRow, byte[] costOfRow) {
    CostsByKey learned = new CostsByKey(nodes, new long[keys], new long[keys * nodes]);
    learned.addRows(keyOfRow, costOfRow);
    return learned;
  }

  /** Cost of each row that is learned from, shape [rows x nodes]. */
  static byte[] costsOfRows(LayerRequests layer, RouteCost costs, int nodes) {
    int rows = IntStream.range(0, layer.requests()).map(layer::learnedRows).sum();
    byte[] costOfRow = new byte[rows * nodes];
    int[] cost = new int[nodes];
    int at = 0;
    for (int r = 0; r < layer.requests(); r++) {
      for (int row = 0; row < layer.learnedRows(r); row++) {
        Arrays.fill(cost, 0);
        costs.addRow(layer.ids(), layer.topK(), layer.start()[r] + row, row, cost, 0);
        for (int n = 0; n < nodes; n++) {
          costOfRow[at++] = (byte) cost[n];
        }
      }
    }
    return costOfRow;
  }

  private void addRows(int[] keyOfRow, byte[] costOfRow) {
    for (int row = 0; row < keyOfRow.length; row++) {
      int key = keyOfRow[row];
      if (key >= 0) {
        rows[key]++;
        for (int n = 0; n < nodes; n++) {
          sum[key * nodes + n] += costOfRow[row * nodes + n];
        }
      }
    }
  }

  /** The sums of both, for another layer or other requests. */
  public CostsByKey plus(CostsByKey other) {
    long[] moreRows = rows.clone();
    Arrays.setAll(moreRows, k -> rows[k] + other.rows[k]);
    long[] moreSum = sum.clone();
    Arrays.setAll(moreSum, i -> sum[i] + other.sum[i]);
    return new CostsByKey(nodes, moreRows, moreSum);
  }

  /** Mean cost of a row with a key, shape [nodes]; zeros if there are none. */
  public double[] mean() {
    double[] mean = new double[nodes];
    long all = Arrays.stream(rows).sum();
    for (int i = 0; i < sum.length; i++) {
      mean[i % nodes] += sum[i];
    }
    for (int n = 0; n < nodes; n++) {
      mean[n] /= Math.max(1, all);
    }
    return mean;
  }

  /**
   * Cost of a key on each node: the mean of its rows, shrunk to the mean of all rows.
   *
   * @param mean mean cost of all rows
   * @param layers number of layers that the sums cover
   * @param into overwritten, shape [nodes]
   */
  public void cost(int key, double[] mean, int layers, double[] into) {
    double weight = MEAN_ROWS * layers;
    for (int n = 0; n < nodes; n++) {
      into[n] = (sum[key * nodes + n] + weight * mean[n]) / (rows[key] + weight);
    }
  }
}
