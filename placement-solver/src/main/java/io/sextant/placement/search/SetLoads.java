package io.sextant.placement.search;

import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;

/**
 * The expected load of every node if any set of nodes can hold an expert: the tokens that start on
 * the node, and its share of those that start on nodes without a copy.
 */
final class SetLoads {
  private final int nodes;
  private final double[][] loadFrom;
  private final double[] load;
  private final double[] nodeLoad;
  private final double[] meanLoad;
  private final double[] change;

  /**
   * @param masks shape [experts]: bit n is set if node n holds the expert
   */
  SetLoads(LayerTokens layer, SlotLayout layout, long[] masks) {
    this.nodes = layout.nodes();
    this.loadFrom = new double[layer.experts()][nodes];
    this.load = new double[layer.experts()];
    int k = layer.topK();
    for (int i = 0; i < layer.ids().length; i++) {
      loadFrom[layer.ids()[i]][layer.sourceNode()[i / k]]++;
      load[layer.ids()[i]]++;
    }
    this.meanLoad = layout.topology().capacity(layout);
    for (int n = 0; n < nodes; n++) {
      meanLoad[n] *= layer.ids().length / (double) nodes;
    }
    this.nodeLoad = new double[nodes];
    this.change = new double[nodes];
    for (int e = 0; e < layer.experts(); e++) {
      add(e, masks[e], 1, nodeLoad);
    }
  }

  private void add(int expert, long set, int sign, double[] into) {
    int copies = Long.bitCount(set);
    if (copies == 0) {
      return;
    }
    double elsewhere = load[expert];
    for (long left = set; left != 0; left &= left - 1) {
      elsewhere -= loadFrom[expert][Long.numberOfTrailingZeros(left)];
    }
    for (long left = set; left != 0; left &= left - 1) {
      int n = Long.numberOfTrailingZeros(left);
      into[n] += sign * (loadFrom[expert][n] + elsewhere / copies);
    }
  }

  /** Tries other sets for two experts; {@link #commit()} makes it so. */
  void trial(int a, long fromA, long toA, int b, long fromB, long toB) {
    Arrays.fill(change, 0);
    add(a, fromA, -1, change);
    add(b, fromB, -1, change);
    add(a, toA, 1, change);
    add(b, toB, 1, change);
  }

  /** Makes the last trial real. */
  void commit() {
    for (int n = 0; n < nodes; n++) {
      nodeLoad[n] += change[n];
    }
  }

  /** The node's load over its share of all, minus 1. */
  double excess(int node) {
    return nodeLoad[node] / meanLoad[node] - 1;
  }

  /** How much {@link #excess} grows by the last trial. */
  double excessChange(int node) {
    return change[node] / meanLoad[node];
  }
}
