package io.sextant.placement.objective;

import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.ReplicaChoice;
import io.sextant.placement.problem.TokenIndex;
import io.sextant.placement.problem.Topology;
import java.util.Arrays;

/**
 * The tokens that each node receives from others; a token travels once to a node. It uses a copy on
 * its own node, else one of the others by hash. Under a rule that does not know the source, it uses
 * any copy by hash.
 */
final class NodeTraffic {
  private static final int NONE = -1;

  private final LayerTokens tokens;
  private final TokenIndex index;
  private final int nodes;
  private final Topology.LinkUnits links;
  private final boolean nearFirst;
  private final int[][] servedFrom;
  private final byte[] count;
  private final long[] received;

  /** No expert has a copy yet. */
  NodeTraffic(LayerProblem problem, TokenIndex index) {
    this.tokens = problem.tokens();
    this.index = index;
    this.nodes = problem.layout().nodes();
    this.links = problem.layout().topology().units(nodes);
    // A layer with views that has no single copies is searched as under the ideal rule.
    this.nearFirst = problem.rule().prefersNear() || problem.rule().hasViews();
    this.servedFrom = new int[tokens.experts()][0];
    this.count = new byte[tokens.tokens() * nodes];
    this.received = new long[nodes];
  }

  /**
   * Gives an expert's copies other nodes.
   *
   * @param copiesOn shape [nodes]: how many copies each node holds
   */
  void reroute(int expert, int[] copiesOn) {
    int[] was = servedFrom[expert];
    int[] is = inSlotOrder(copiesOn);
    servedFrom[expert] = is;
    long wasMask = mask(was);
    long isMask = mask(is);
    int[] list = index.tokens();
    for (int i = index.from(expert), end = index.to(expert); i < end; i++) {
      int t = list[i];
      int s = tokens.sourceNode()[t];
      int from = node(was, wasMask, s, t, expert);
      int to = node(is, isMask, s, t, expert);
      if (from == to) {
        continue;
      }
      if (from >= 0 && --count[t * nodes + from] == 0) {
        received[from] -= links.of()[s * nodes + from];
      }
      if (to >= 0 && ++count[t * nodes + to] == 1) {
        received[to] += links.of()[s * nodes + to];
      }
    }
  }

  /** The node of each copy in slot order: the list that a token's hash picks from. */
  private int[] inSlotOrder(int[] copiesOn) {
    int[] list = new int[Arrays.stream(copiesOn).sum()];
    int i = 0;
    for (int n = 0; n < nodes; n++) {
      for (int c = 0; c < copiesOn[n]; c++) {
        list[i++] = n;
      }
    }
    return list;
  }

  private static long mask(int[] copyNodes) {
    long mask = 0;
    for (int n : copyNodes) {
      mask |= 1L << n;
    }
    return mask;
  }

  /** The remote node that serves the expert to a token, or NONE if its own node does. */
  private int node(int[] copyNodes, long mask, int source, int token, int expert) {
    boolean near = (mask >>> source & 1) != 0;
    if (mask == 0 || (near && (nearFirst || copyNodes.length == 1))) {
      return NONE;
    }
    int node =
        copyNodes.length == 1
            ? copyNodes[0]
            : copyNodes[ReplicaChoice.hash(token, expert) % copyNodes.length];
    return node == source ? NONE : node;
  }

  /** Remote nodes that a token is sent to, each by the price of its link over the mean price. */
  double remoteNodesPerToken() {
    long sum = 0;
    for (long r : received) {
      sum += r;
    }
    return sum / (tokens.tokens() * links.mean());
  }

  /** Busiest over mean of the tokens that nodes receive over the whole sample. */
  double maxOverMeanReceive() {
    long sum = 0;
    long max = 0;
    for (long r : received) {
      sum += r;
      max = Math.max(max, r);
    }
    return sum == 0 ? 1 : max * (double) nodes / sum;
  }
}
