package io.sextant.placement.grouping;

import io.sextant.placement.problem.LayerTokens;
import java.io.Serializable;
import java.util.Arrays;

/**
 * One layer's tokens, request by request in arrival order.
 *
 * @param experts logical experts
 * @param topK experts of a token
 * @param start shape [requests + 1]: the first row of each request
 * @param prefill shape [requests]: prefill rows of each; they come first
 * @param ids shape [rows x topK]
 * @param localGpu shape [requests]: the GPU that each request starts from, within its node
 */
public record LayerRequests(
    int experts, int topK, int[] start, int[] prefill, short[] ids, byte[] localGpu)
    implements Serializable {

  /** The unit of {@link #addLearnedCosts}. */
  public static final double COST_UNIT = LeftOutCosts.UNIT;

  public LayerRequests {
    if (localGpu.length != prefill.length) {
      throw new IllegalArgumentException(
          "%d requests have %d source GPUs".formatted(prefill.length, localGpu.length));
    }
  }

  /** How many requests there are. */
  public int requests() {
    return prefill.length;
  }

  /**
   * Rows from which the cost of a request is learned, its first ones: the prompt, or all rows if
   * the source does not have those of the prompt.
   */
  public static int learnedRows(int[] start, int[] prefill, int request) {
    return prefill[request] > 0 ? prefill[request] : start[request + 1] - start[request];
  }

  int learnedRows(int request) {
    return learnedRows(start, prefill, request);
  }

  /** The layer's tokens when each request runs on a node. */
  public LayerTokens tokens(byte[] nodeOfRequest) {
    byte[] nodes = new byte[start[requests()]];
    byte[] gpus = new byte[nodes.length];
    for (int r = 0; r < requests(); r++) {
      Arrays.fill(nodes, start[r], start[r + 1], nodeOfRequest[r]);
      Arrays.fill(gpus, start[r], start[r + 1], localGpu[r]);
    }
    return new LayerTokens(experts, topK, ids, nodes, gpus);
  }

  /** The decode tokens alone, for a pool to which requests come after their prefill. */
  public LayerTokens decodeTokens(byte[] nodeOfRequest) {
    int rows = start[requests()] - Arrays.stream(prefill).sum();
    short[] decoded = new short[rows * topK];
    byte[] nodes = new byte[rows];
    byte[] gpus = new byte[rows];
    int to = 0;
    for (int r = 0; r < requests(); r++) {
      int from = start[r] + prefill[r];
      int count = start[r + 1] - from;
      System.arraycopy(ids, from * topK, decoded, to * topK, count * topK);
      Arrays.fill(nodes, to, to + count, nodeOfRequest[r]);
      Arrays.fill(gpus, to, to + count, localGpu[r]);
      to += count;
    }
    return new LayerTokens(experts, topK, decoded, nodes, gpus);
  }

  /**
   * What the rows that requests are learned from cost on each node: {@link #learnedRows(int[],
   * int[], int)}.
   *
   * @param cost shape [requests x nodes], added to
   */
  public void addCosts(RouteCost costs, int nodes, int[] cost) {
    for (int r = 0; r < requests(); r++) {
      costs.add(ids, topK, start[r], start[r] + learnedRows(r), cost, r * nodes);
    }
  }

  /**
   * What a router that learned the costs of keys from all other requests expects each request to
   * cost.
   *
   * @param keyOfRow key of each row that is learned from, request by request; -1 for a row without
   *     a key
   * @param keys number of keys
   * @param cost shape [requests x nodes], added to: mean of the prompt's rows, in {@link
   *     #COST_UNIT}
   */
  public void addLearnedCosts(RouteCost costs, int nodes, int[] keyOfRow, int keys, long[] cost) {
    byte[] costOfRow = CostsByKey.costsOfRows(this, costs, nodes);
    LeftOutCosts expected =
        new LeftOutCosts(keyOfRow, costOfRow, CostsByKey.ofRows(nodes, keys, keyOfRow, costOfRow));
    int row = 0;
    for (int r = 0; r < requests(); r++) {
      expected.add(row, row + learnedRows(r), cost, r * nodes);
      row += learnedRows(r);
    }
  }

  /**
   * How much of what tells requests apart each expert carries: the variance of its share of a
   * request's prefill over its mean.
   *
   * @return shape [experts]
   */
  public double[] information() {
    double[] sum = new double[experts];
    double[] squares = new double[experts];
    double[] share = new double[experts];
    for (int r = 0; r < requests(); r++) {
      shares(r, share);
      for (int e = 0; e < experts; e++) {
        sum[e] += share[e];
        squares[e] += share[e] * share[e];
      }
    }
    double[] information = new double[experts];
    for (int e = 0; e < experts; e++) {
      double mean = sum[e] / requests();
      information[e] = mean == 0 ? 0 : (squares[e] / requests() - mean * mean) / mean;
    }
    return information;
  }

  /**
   * A request's signature: its prefill's expert counts, weighted by information, of length 1.
   *
   * @param into shape [experts], overwritten
   */
  public void signature(int request, double[] information, double[] into) {
    shares(request, into);
    double squares = 0;
    for (int e = 0; e < experts; e++) {
      into[e] *= information[e];
      squares += into[e] * into[e];
    }
    for (int e = 0; e < experts && squares > 0; e++) {
      into[e] /= Math.sqrt(squares);
    }
  }

  private void shares(int request, double[] into) {
    Arrays.fill(into, 0);
    int rows = learnedRows(request);
    for (int i = start[request] * topK, end = i + rows * topK; i < end; i++) {
      into[ids[i]] += 1.0 / rows;
    }
  }

  /**
   * How far each request's signature is from each group's centre, in thousandths a row.
   *
   * @param centres shape [groups][experts]
   * @param cost shape [requests x groups], added to
   */
  public void addDistances(double[] information, double[][] centres, int[] cost) {
    double[] signature = new double[experts];
    for (int r = 0; r < requests(); r++) {
      signature(r, information, signature);
      for (int g = 0; g < centres.length; g++) {
        double dot = 0;
        for (int e = 0; e < experts; e++) {
          dot += signature[e] * centres[g][e];
        }
        cost[r * centres.length + g] += (int) Math.round((1 - dot) * 1000 * learnedRows(r));
      }
    }
  }
}
