package io.sextant.placement;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The first decision: which experts each node holds.
 *
 * <p>Copies that reach only some nodes scatter the tokens of the others, so extra slots first go to
 * experts that every node then holds; which ones is decided together with the division of the rest.
 * What cannot make a full set of nodes becomes a second copy of a busy expert on its own node,
 * which costs no traffic and halves its load.
 */
final class NodeDivision {
  /** Proposals at this temperature, in remote nodes per token, still cross most barriers. */
  private static final double HOT = 1e-3;

  private static final double COLD = 1e-5;

  private final LayerProblem problem;
  private final int everywhere;
  private final LayerTokens padded;
  private final TokenIndex index;
  private final double[] load;

  NodeDivision(LayerProblem problem) {
    this.problem = problem;
    SlotLayout layout = problem.layout();
    LayerTokens tokens = problem.tokens();
    int experts = tokens.experts();
    int extra = layout.slots() - experts;
    this.everywhere = layout.nodes() == 1 ? 0 : Math.min(experts, extra / (layout.nodes() - 1));
    // Slots still free take part in the division as experts without tokens.
    int spare = extra - everywhere * (layout.nodes() - 1);
    this.padded =
        new LayerTokens(experts + spare, tokens.topK(), tokens.ids(), tokens.sourceNode());
    this.index = new TokenIndex(padded);
    this.load = problem.load(padded.experts());
  }

  /**
   * @return shape [nodes][slotsPerNode]: the experts of each node; one that stands twice has two
   *     copies there
   */
  int[][] run(NodeObjective objective, long steps, long seed) {
    int nodes = problem.layout().nodes();
    NodePartition partition = new NodePartition(padded, index, nodes, start());
    int[] homes =
        new NodeAnnealer(partition, load, nodes, padded.tokens(), objective)
            .run(nodes == 1 ? 0 : steps, HOT, COLD, seed);
    return fill(homes);
  }

  /** Busiest experts everywhere, the rest dealt out to and fro by falling load. */
  private int[] start() {
    int nodes = problem.layout().nodes();
    int[] byLoad =
        IntStream.range(0, load.length)
            .boxed()
            .sorted((a, b) -> Double.compare(load[b], load[a]))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] home = new int[load.length];
    for (int rank = 0; rank < byLoad.length; rank++) {
      int dealt = rank - everywhere;
      int node = Math.floorMod(dealt, nodes);
      boolean back = Math.floorDiv(dealt, nodes) % 2 != 0;
      home[byLoad[rank]] = dealt < 0 ? nodes : back ? nodes - 1 - node : node;
    }
    return home;
  }

  private int[][] fill(int[] homes) {
    SlotLayout layout = problem.layout();
    int experts = problem.tokens().experts();
    int[][] expertsOfNode = new int[layout.nodes()][];
    for (int n = 0; n < layout.nodes(); n++) {
      int[] copies = new int[experts];
      int[] held = new int[layout.slotsPerNode()];
      int used = 0;
      for (int e = 0; e < experts; e++) {
        if (homes[e] == n || homes[e] == layout.nodes()) {
          copies[e] = 1;
          held[used++] = e;
        }
      }
      while (used < held.length) {
        int expert = busiestPerCopy(copies, layout.gpusPerNode());
        copies[expert]++;
        held[used++] = expert;
      }
      Arrays.sort(held);
      expertsOfNode[n] = held;
    }
    return expertsOfNode;
  }

  /** Among the node's experts if one has a GPU left for another copy, else among the others. */
  private int busiestPerCopy(int[] copies, int mostCopies) {
    int best = -1;
    for (int e = 0; e < copies.length; e++) {
      if (copies[e] > 0
          && copies[e] < mostCopies
          && (best < 0 || load[e] / copies[e] > load[best] / copies[best])) {
        best = e;
      }
    }
    for (int e = 0; e < copies.length && best < 0; e++) {
      if (copies[e] == 0) {
        best = e;
      }
    }
    return best;
  }
}
