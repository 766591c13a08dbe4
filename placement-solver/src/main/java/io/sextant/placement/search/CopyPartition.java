package io.sextant.placement.search;

import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.TokenIndex;
import io.sextant.placement.problem.Topology;
import java.util.Arrays;

/**
 * Experts with any set of nodes each, and the expected effect of giving one another set.
 *
 * <p>A token that starts on node s uses a copy on s if there is one, else a copy picked by hash.
 * For each expert e, node n and source s the state keeps {@code alone[e][n][s]}: the tokens from s
 * that hold e and need node n for none of their other experts. A token contributes a remote node
 * exactly if e is served remotely and alone, and the hash does not depend on the token's other
 * experts, so the change of e's set from C to C' has the expected effect {@code sum over s, n of
 * (q'(n|s) - q(n|s)) alone[e][n][s]} with q the share of e's tokens from s that n serves: zero if s
 * holds a copy, else one over the number of copies. With one copy before and after it is exact.
 *
 * <p>Tokens count by the price of the link they take, in units; if links are alike, as one each.
 */
final class CopyPartition {
  /**
   * A cell of a (token, node) counts the token's experts that the node serves. Below the count is
   * the sum of their positions in the token: of a single expert, its position.
   */
  private static final int ONE = 1024;

  private static final int POSITIONS = ONE - 1;

  private final LayerTokens layer;
  private final int nodes;
  private final ExpertPositions experts;
  private final long[] mask;
  private final byte[] served;
  private final char[] cell;
  private final AloneTokens alone;
  private final long[] received;
  private final TokenIndex index;
  private final SlotLayout layout;
  private final int[] price;
  private final double tokenUnits;

  /**
   * @param masks shape [experts]: bit n is set if node n holds the expert
   */
  CopyPartition(LayerTokens layer, TokenIndex index, SlotLayout layout, long[] masks) {
    this.layer = layer;
    this.layout = layout;
    this.index = index;
    this.nodes = layout.nodes();
    Topology.LinkUnits links = layout.topology().units(nodes);
    this.price = links.of();
    this.tokenUnits = layer.tokens() * links.mean();
    this.experts = ExpertPositions.of(layer);
    char[] hash = experts.hash();
    int k = layer.topK();
    short[] ids = layer.ids();
    this.mask = masks.clone();
    this.served = new byte[ids.length];
    this.cell = new char[layer.tokens() * nodes];
    this.alone = new AloneTokens(layer.experts(), nodes, price);
    this.received = new long[nodes];
    for (int i = 0; i < ids.length; i++) {
      int t = i / k;
      served[i] = (byte) ExpertPositions.server(mask[ids[i]], layer.sourceNode()[t], hash[i]);
      if (served[i] >= 0) {
        int at = t * nodes + served[i];
        if (cell[at] == 0) {
          received[served[i]] += price[layer.sourceNode()[t] * nodes + served[i]];
        }
        cell[at] += one(i - t * k);
      }
    }
    for (int i = 0; i < ids.length; i++) {
      int t = i / k;
      for (int n = 0; n < nodes; n++) {
        if (count(t * nodes + n) - (served[i] == n ? 1 : 0) == 0) {
          alone.add(ids[i], n, layer.sourceNode()[t], 1);
        }
      }
    }
  }

  /** The nodes that hold the expert, as bits. */
  long mask(int expert) {
    return mask[expert];
  }

  /**
   * @return shape [experts]: bit n is set if node n holds the expert
   */
  long[] masks() {
    return mask.clone();
  }

  /** Remote nodes per token that one unit of the tables stands for. */
  double perToken() {
    return 1 / tokenUnits;
  }

  long received(int node) {
    return received[node];
  }

  long remoteNodes() {
    long sum = 0;
    for (long r : received) {
      sum += r;
    }
    return sum;
  }

  /** As {@link #remoteNodes()}, by the price of each link against the mean one. */
  double remoteNodesPerToken() {
    return remoteNodes() / tokenUnits;
  }

  /** Adds the expected change of the tokens each node receives when the expert's set changes. */
  void addExpected(int expert, long to, double[] change) {
    alone.addExpected(expert, mask[expert], -1, change);
    alone.addExpected(expert, to, 1, change);
  }

  /**
   * Corrects the sum of two experts' expected changes for the tokens that hold both: a node that
   * they need for the two together is counted once, not twice or never.
   */
  void addTogether(int a, long toA, int b, long toB, double[] change) {
    long nodesChanged = mask[a] | toA | mask[b] | toB;
    int k = layer.topK();
    short[] ids = layer.ids();
    int[] tokens = index.pairTokens();
    for (int i = index.pairFrom(a, b), end = index.pairTo(a, b); i < end; i++) {
      int t = tokens[i];
      int source = layer.sourceNode()[t];
      int servedA = -1;
      int servedB = -1;
      for (int p = t * k; p < (t + 1) * k; p++) {
        servedA = ids[p] == a ? served[p] : servedA;
        servedB = ids[p] == b ? served[p] : servedB;
      }
      for (long left = nodesChanged & ~(1L << source); left != 0; left &= left - 1) {
        int n = Long.numberOfTrailingZeros(left);
        int nowA = servedA == n ? 1 : 0;
        int nowB = servedB == n ? 1 : 0;
        if (count(t * nodes + n) != nowA + nowB) {
          continue;
        }
        double wasA = share(mask[a], source, n);
        double wasB = share(mask[b], source, n);
        double isA = share(toA, source, n);
        double isB = share(toB, source, n);
        // Alone against the other as it is served now, as the tables count it.
        double apart = (nowB == 0 ? isA - wasA : 0) + (nowA == 0 ? isB - wasB : 0);
        double together = isA + isB - isA * isB - (nowA | nowB);
        change[n] += (together - apart) * price[source * nodes + n];
      }
    }
  }

  private static double share(long set, int source, int node) {
    return (set >>> source & 1) != 0 || (set >>> node & 1) == 0 ? 0 : 1.0 / Long.bitCount(set);
  }

  /** Gives an expert another set of nodes. */
  void assign(int expert, long to) {
    int k = layer.topK();
    int[] positions = experts.positions();
    char[] hash = experts.hash();
    mask[expert] = to;
    for (int p = experts.start()[expert], end = experts.start()[expert + 1]; p < end; p++) {
      int i = positions[p];
      int t = i / k;
      int source = layer.sourceNode()[t];
      int was = served[i];
      int is = ExpertPositions.server(to, source, hash[i]);
      if (was == is) {
        continue;
      }
      served[i] = -1;
      if (was >= 0) {
        int at = t * nodes + was;
        cell[at] -= one(i - t * k);
        int c = count(at);
        if (c == 0) {
          received[was] -= price[source * nodes + was];
          changeOthers(t, i, was, source, 1);
        } else if (c == 1) {
          alone.add(onlyOne(t, at), was, source, 1);
        }
      }
      if (is >= 0) {
        int at = t * nodes + is;
        int before = cell[at];
        cell[at] += one(i - t * k);
        int c = count(at);
        if (c == 1) {
          received[is] += price[source * nodes + is];
          changeOthers(t, i, is, source, -1);
        } else if (c == 2) {
          alone.add(layer.ids()[t * k + (before & POSITIONS)], is, source, -1);
        }
      }
      served[i] = (byte) is;
    }
  }

  private void changeOthers(int token, int position, int node, int source, int change) {
    short[] ids = layer.ids();
    int k = layer.topK();
    for (int i = token * k; i < (token + 1) * k; i++) {
      if (i != position) {
        alone.add(ids[i], node, source, change);
      }
    }
  }

  private static char one(int position) {
    return (char) (ONE | position);
  }

  private int count(int at) {
    return cell[at] / ONE;
  }

  /** The only expert of the token that is served on the node. */
  private int onlyOne(int token, int at) {
    return layer.ids()[token * layer.topK() + (cell[at] & POSITIONS)];
  }

  /** Whether the tables are those of a fresh construction: for tests. */
  boolean consistent() {
    CopyPartition fresh = new CopyPartition(layer, index, layout, mask);
    return Arrays.equals(served, fresh.served)
        && Arrays.equals(cell, fresh.cell)
        && alone.sameAs(fresh.alone)
        && Arrays.equals(received, fresh.received);
  }
}
