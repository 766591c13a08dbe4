package io.sextant.placement.baseline;

import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The method that several papers on expert placement share. From the matrix of how often two
 * experts serve the same token, experts that are used together form groups of the size of a node;
 * groups then go to nodes under the capacity of each. Sources: Occult (Luo et al., ICML 2025: raise
 * the collaboration inside a device, by grouping on the collaboration graph), MoETuner (Go and
 * Mahajan, 2025: clusters of experts of equal size and balanced load, then clusters to GPUs, each
 * an integer programme), GRACE-MoE (Han et al., 2025: hierarchical grouping by affinity, nodes
 * before GPUs; heavy groups get copies), and topology-driven placement as an integer programme
 * (arXiv 2508.09229).
 *
 * <p>Groups grow from the busiest expert left, by the largest co-activation with the group; swaps
 * between groups then raise the co-activation kept inside as long as any does and no group gets
 * more than {@value GroupSwaps#LOAD_LIMIT} of the mean load (or of the load of the heaviest group
 * before). That is a local search; MoETuner solves to optimality. Groups go to the nodes on which
 * most of their tokens start. Pairs are all these methods see: three experts of a token on one node
 * count as three pairs, though they save two transfers.
 *
 * <p>No expert is copied to a second node. Slots beyond one per expert, which an engine has to
 * fill, get further copies of their own node's heaviest experts.
 */
public final class CoactivationGrouping {
  private CoactivationGrouping() {}

  /**
   * @param tokens one layer
   * @return shape [slots]: the logical expert in each slot; no GPU holds two copies of one
   */
  public static int[] place(LayerTokens tokens, SlotLayout layout) {
    if (layout.slots() < tokens.experts()) {
      throw new IllegalArgumentException(
          "%d slots cannot hold %d experts".formatted(layout.slots(), tokens.experts()));
    }
    int experts = tokens.experts();
    double[] load = new double[experts];
    long[][] together = new long[experts][experts];
    count(tokens, load, together);
    int[] groupOf = grow(load, together, layout.nodes());
    new GroupSwaps(groupOf, load, together, layout.nodes()).run();
    int[] nodeOf = nodesOf(groupOf, tokens, layout.nodes());
    int[] slots = new int[layout.slots()];
    SlotLayout node = new SlotLayout(1, layout.gpusPerNode(), layout.slotsPerGpu());
    for (int n = 0; n < layout.nodes(); n++) {
      int wanted = n;
      int[] local = IntStream.range(0, experts).filter(e -> nodeOf[groupOf[e]] == wanted).toArray();
      double[] localLoad = Arrays.stream(local).mapToDouble(e -> load[e]).toArray();
      int[] placed = FlashLb.place(LoadStatistics.certain(localLoad), node);
      for (int p = 0; p < placed.length; p++) {
        slots[n * layout.slotsPerNode() + p] = local[placed[p]];
      }
    }
    return slots;
  }

  private static void count(LayerTokens tokens, double[] load, long[][] together) {
    int k = tokens.topK();
    short[] ids = tokens.ids();
    for (int t = 0; t < ids.length; t += k) {
      for (int i = t; i < t + k; i++) {
        load[ids[i]]++;
        for (int j = t; j < i; j++) {
          together[ids[i]][ids[j]]++;
          together[ids[j]][ids[i]]++;
        }
      }
    }
  }

  /** Group of each expert; sizes differ by one at most. */
  private static int[] grow(double[] load, long[][] together, int groups) {
    int experts = load.length;
    int[] groupOf = new int[experts];
    Arrays.fill(groupOf, -1);
    for (int g = 0; g < groups; g++) {
      int size = experts / groups + (g < experts % groups ? 1 : 0);
      double[] drawn = load.clone();
      for (int i = 0; i < size; i++) {
        int next = -1;
        for (int e = 0; e < experts; e++) {
          if (groupOf[e] < 0 && (next < 0 || drawn[e] > drawn[next])) {
            next = e;
          }
        }
        groupOf[next] = g;
        if (i == 0) {
          // The first is the busiest; from now on co-activation with the group draws.
          Arrays.fill(drawn, 0);
        }
        for (int e = 0; e < experts; e++) {
          drawn[e] += together[next][e];
        }
      }
    }
    return groupOf;
  }

  /** Node of each group: the pair with the most tokens starting there first. */
  private static int[] nodesOf(int[] groupOf, LayerTokens tokens, int nodes) {
    long[][] starting = new long[nodes][nodes];
    int k = tokens.topK();
    for (int i = 0; i < tokens.ids().length; i++) {
      starting[groupOf[tokens.ids()[i]]][tokens.sourceNode()[i / k]]++;
    }
    int[] nodeOf = new int[nodes];
    Arrays.fill(nodeOf, -1);
    boolean[] taken = new boolean[nodes];
    for (int round = 0; round < nodes; round++) {
      int group = -1;
      int node = -1;
      for (int g = 0; g < nodes; g++) {
        for (int n = 0; n < nodes; n++) {
          boolean open = nodeOf[g] < 0 && !taken[n];
          if (open && (group < 0 || starting[g][n] > starting[group][node])) {
            group = g;
            node = n;
          }
        }
      }
      nodeOf[group] = node;
      taken[node] = true;
    }
    return nodeOf;
  }
}
