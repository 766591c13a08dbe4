package io.sextant.placement.search;

import io.sextant.placement.problem.CopyLimits;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.TokenIndex;
import java.util.Arrays;

/**
 * Experts divided over nodes, with the exact effect of swapping any two of them at hand.
 *
 * <p>Every expert has one home node, or is held by every node ({@link #everywhere()}) and then
 * costs nothing. For a token t the state counts how many of its experts live on each node, beside
 * their exclusive or, which names the expert where there is one alone. From it two gain tables are
 * kept up to date, as Fiduccia and Mattheyses (1982) do for hypergraphs:
 *
 * <ul>
 *   <li>{@code leave[e]}: tokens that would no longer need e's node if e left it;
 *   <li>{@code join[e][n]}: tokens that would newly need node n if e came to it.
 * </ul>
 *
 * Tokens count by the price of the link they would take; if links are alike, as one each. A swap's
 * effect is their sum, corrected by the tokens that hold both experts, so that a proposal costs a
 * few look-ups and only an accepted one touches tokens. Nodes a token starts from never count.
 */
final class NodePartition {
  /** One expert more in {@link #held}. */
  private static final int ONE = 1 << 16;

  /** The part of {@link #held} with the experts, whose ids are 16-bit. */
  private static final int EXPERTS = ONE - 1;

  private final LayerTokens layer;
  private final TokenIndex index;
  private final int nodes;
  private final int[] home;

  /** Shape [tokens x nodes]: the number of a token's experts in a node, above their xor. */
  private final int[] held;

  private final int[] leave;
  private final int[] join;
  private final long[] received;
  private final int[] price;

  /**
   * @param price shape [nodes x nodes]: units of a token from the row's node to the column's
   * @param home shape [experts]: the node of each expert, or {@code nodes} for every node
   */
  NodePartition(LayerTokens layer, TokenIndex index, int nodes, int[] price, int[] home) {
    this.layer = layer;
    this.price = price;
    this.index = index;
    this.nodes = nodes;
    this.home = home.clone();
    this.held = new int[layer.tokens() * nodes];
    this.leave = new int[layer.experts()];
    this.join = new int[layer.experts() * nodes];
    this.received = new long[nodes];
    recount();
  }

  private void recount() {
    Arrays.fill(held, 0);
    Arrays.fill(leave, 0);
    Arrays.fill(join, 0);
    Arrays.fill(received, 0);
    int k = layer.topK();
    short[] ids = layer.ids();
    for (int t = 0; t < layer.tokens(); t++) {
      int source = layer.sourceNode()[t];
      for (int i = t * k; i < (t + 1) * k; i++) {
        int n = home[ids[i]];
        if (n < nodes && n != source) {
          held[t * nodes + n] = with(held[t * nodes + n], ids[i]);
        }
      }
      for (int n = 0; n < nodes; n++) {
        if (n == source) {
          continue;
        }
        int here = held[t * nodes + n];
        int units = price[source * nodes + n];
        if (here < ONE) {
          for (int i = t * k; i < (t + 1) * k; i++) {
            join[ids[i] * nodes + n] += units;
          }
        } else {
          received[n] += units;
          if (here < 2 * ONE) {
            leave[here & EXPERTS] += units;
          }
        }
      }
    }
  }

  /** The home that means every node. */
  int everywhere() {
    return nodes;
  }

  int home(int expert) {
    return home[expert];
  }

  /** Whether an expert may have this home. */
  boolean allows(int expert, int to, CopyLimits limits) {
    return limits.allows(expert, to, home);
  }

  int[] homes() {
    return home.clone();
  }

  /** Tokens that must be sent to this node from another. */
  long received(int node) {
    return received[node];
  }

  /** Sum over tokens of the nodes, other than its own, a token is sent to. */
  long remoteNodes() {
    long sum = 0;
    for (long r : received) {
      sum += r;
    }
    return sum;
  }

  /** Tokens that would no longer need an expert's node if it left it. */
  int leaves(int expert) {
    return leave[expert];
  }

  /** Tokens that would newly need a node if the expert came to it. */
  int joins(int expert, int node) {
    return join[expert * nodes + node];
  }

  /** A lower bound of the change of remote nodes by a swap, from look-ups only. */
  int swapBound(int a, int b) {
    int i = home[a];
    int j = home[b];
    return gain(a, j) + gain(b, i);
  }

  private int gain(int expert, int to) {
    return (to < nodes ? join[expert * nodes + to] : 0) - leave[expert];
  }

  /**
   * Tokens that hold both experts and need a node for one of them alone. A swap changes nothing for
   * them, although the gain tables count it as a gain.
   *
   * @param node the home of one of the two
   */
  int soleTogether(int a, int b, int node) {
    if (node == nodes) {
      return 0;
    }
    int[] tokens = index.pairTokens();
    int sole = 0;
    for (int i = index.pairFrom(a, b), end = index.pairTo(a, b); i < end; i++) {
      int t = tokens[i];
      // A token's own node is never counted, so its count stays zero there.
      if (held[t * nodes + node] >> 16 == 1) {
        sole += price[layer.sourceNode()[t] * nodes + node];
      }
    }
    return sole;
  }

  /**
   * Tokens node {@code n} receives more (less if negative) when a leaves it and b comes, exactly.
   */
  int receivedDelta(int a, int b, int n) {
    return n == nodes ? 0 : join[b * nodes + n] - leave[a] + soleTogether(a, b, n);
  }

  /** Exchanges the homes of two experts. */
  void swap(int a, int b) {
    int i = home[a];
    int j = home[b];
    move(a, i, j);
    move(b, j, i);
  }

  /** Gives an expert another home. */
  void move(int expert, int from, int to) {
    int k = layer.topK();
    short[] ids = layer.ids();
    byte[] source = layer.sourceNode();
    int[] tokens = index.tokens();
    home[expert] = to;
    int sole = 0;
    for (int p = index.from(expert), end = index.to(expert); p < end; p++) {
      int t = tokens[p];
      int s = source[t];
      if (from < nodes && from != s) {
        int left = without(held[t * nodes + from], expert);
        held[t * nodes + from] = left;
        int units = price[s * nodes + from];
        if (left < ONE) {
          received[from] -= units;
          for (int i = t * k; i < (t + 1) * k; i++) {
            join[ids[i] * nodes + from] += units;
          }
        } else if (left < 2 * ONE) {
          leave[left & EXPERTS] += units;
        }
      }
      if (to < nodes && to != s) {
        int before = held[t * nodes + to];
        held[t * nodes + to] = with(before, expert);
        int units = price[s * nodes + to];
        if (before < ONE) {
          received[to] += units;
          sole += units;
          for (int i = t * k; i < (t + 1) * k; i++) {
            join[ids[i] * nodes + to] -= units;
          }
        } else if (before < 2 * ONE) {
          leave[before & EXPERTS] -= units;
        }
      }
    }
    leave[expert] = sole;
  }

  private static int with(int held, int expert) {
    return (held + ONE) ^ expert;
  }

  private static int without(int held, int expert) {
    return (held - ONE) ^ expert;
  }
}
