package io.sextant.placement.objective;

import io.sextant.placement.copies.CopyTable;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.Topology;
import java.util.Arrays;

/**
 * The tokens that each node is expected to receive from others if copies have fixed shares of their
 * expert's tokens, whatever the source. A token is sent to a node with the probability that at
 * least one of its experts is computed there.
 */
final class DividedTraffic {
  /** Tokens that are looked at, evenly spaced. Chosen without a measurement. */
  private static final int MOST_TOKENS = 6_144;

  /** The copies of the expert are in several nodes. */
  private static final int SEVERAL = -1;

  private final SlotLayout layout;
  private final LayerTokens tokens;
  private final Topology.LinkUnits links;

  /** Shape [experts]: the node of all copies of an expert, or {@link #SEVERAL}. */
  private final int[] home;

  /** Shape [experts x nodes]: the share of an expert's tokens that a node computes. */
  private final double[] share;

  private final double[] received;

  /** Shape [topK]: where the shares of a token's experts with several nodes begin. */
  private final int[] divided;

  DividedTraffic(LayerProblem problem) {
    this.layout = problem.layout();
    this.tokens = problem.tokens().thinned(MOST_TOKENS);
    this.links = layout.topology().units(layout.nodes());
    this.home = new int[tokens.experts()];
    this.share = new double[home.length * layout.nodes()];
    this.received = new double[layout.nodes()];
    this.divided = new int[tokens.topK()];
  }

  /**
   * Counts the traffic of a map.
   *
   * @param rows shape [batches][slots]: the tokens that each slot computes; an expert's shares are
   *     those of its sums
   */
  void split(CopyTable copies, double[][] rows) {
    for (int e = 0; e < home.length; e++) {
      int from = copies.start()[e];
      int to = copies.start()[e + 1];
      int first = layout.nodeOfSlot(copies.slot()[from]);
      home[e] = first == layout.nodeOfSlot(copies.slot()[to - 1]) ? first : SEVERAL;
      if (home[e] == SEVERAL) {
        divide(e, copies.slot(), from, to, rows);
      }
    }
    Arrays.fill(received, 0);
    for (int t = 0; t < tokens.tokens(); t++) {
      send(t);
    }
  }

  private void divide(int expert, int[] slot, int from, int to, double[][] rows) {
    int base = expert * layout.nodes();
    Arrays.fill(share, base, base + layout.nodes(), 0);
    double sum = 0;
    for (int i = from; i < to; i++) {
      double ofSlot = 0;
      for (double[] ofBatch : rows) {
        ofSlot += ofBatch[slot[i]];
      }
      share[base + layout.nodeOfSlot(slot[i])] += ofSlot;
      sum += ofSlot;
    }
    for (int n = base; sum > 0 && n < base + layout.nodes(); n++) {
      share[n] /= sum;
    }
  }

  private void send(int token) {
    long sure = 0;
    int several = 0;
    for (int i = token * tokens.topK(), end = i + tokens.topK(); i < end; i++) {
      int expert = tokens.ids()[i];
      if (home[expert] == SEVERAL) {
        divided[several++] = expert * layout.nodes();
      } else {
        sure |= 1L << home[expert];
      }
    }
    int from = tokens.sourceNode()[token] * received.length;
    for (int n = 0; n < received.length; n++) {
      double missed = (sure >>> n & 1) != 0 ? 0 : 1;
      for (int i = 0; missed > 0 && i < several; i++) {
        missed *= 1 - share[divided[i] + n];
      }
      received[n] += links.of()[from + n] * (1 - missed);
    }
  }

  /** Remote nodes that a token is sent to, each by the price of its link over the mean price. */
  double remoteNodesPerToken() {
    return Arrays.stream(received).sum() / (tokens.tokens() * links.mean());
  }

  /** Busiest over mean of the tokens that nodes receive over the whole sample. */
  double maxOverMeanReceive() {
    double sum = 0;
    double max = 0;
    for (double r : received) {
      sum += r;
      max = Math.max(max, r);
    }
    return sum == 0 ? 1 : max * received.length / sum;
  }
}
