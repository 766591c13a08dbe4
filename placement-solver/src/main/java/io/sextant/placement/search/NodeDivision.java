package io.sextant.placement.search;

import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.anneal.AnnealingStage;
import io.sextant.placement.problem.CopyLimits;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.TokenIndex;
import io.sextant.placement.problem.Topology;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The first decision: which experts each node holds.
 *
 * <p>Copies that reach only some nodes scatter the tokens of the others, so extra slots first go to
 * experts that every node then holds; which ones these are is decided together with the division of
 * the rest. Slots that are too few for a copy on every node get second copies of busy experts on
 * their own nodes, which costs no traffic and halves the load of a copy.
 */
public final class NodeDivision {
  /**
   * The division starts hot on a part of the sample. The temperatures, in remote nodes per token,
   * are those with which every figure of docs/evidence/solver.md was measured; others are not
   * compared there.
   */
  static final AnnealingStage COARSE_STAGE = new AnnealingStage(3e-3, 1e-3);

  /** The division goes on with the whole sample. */
  static final AnnealingStage FINE_STAGE = new AnnealingStage(1e-3, 1e-4);

  private static final AnnealingStage COPIES_STAGE = new AnnealingStage(1.5e-3, 1e-4);

  /**
   * Of how many sample tokens the hot stage takes one. Most of its proposals are accepted, and each
   * of those touches tokens. Chosen without a measurement.
   */
  static final int COARSE = 4;

  /** The temperature is that of many proposals, since one costs only nanoseconds. */
  private static final int PROPOSALS_PER_TEMPERATURE = 1024;

  private final LayerProblem problem;
  private final CopyLimits limits;
  private final int everywhere;
  private final LayerTokens padded;
  private final TokenIndex index;
  private final double[] load;

  /**
   * @param limits the nodes that copies may be in
   * @param index index of the problem's tokens
   */
  public NodeDivision(LayerProblem problem, CopyLimits limits, TokenIndex index) {
    this.problem = problem;
    SlotLayout layout = problem.layout();
    LayerTokens tokens = problem.tokens();
    int experts = tokens.experts();
    int extra = layout.slots() - experts;
    this.everywhere =
        layout.nodes() == 1 || limits.oneNode()
            ? 0
            : Math.min(experts, extra / (layout.nodes() - 1));
    // Slots still free take part in the division as experts without tokens.
    int spare = extra - everywhere * (layout.nodes() - 1);
    this.padded = tokens.withExperts(experts + spare);
    this.limits = limits.withExperts(experts + spare);
    this.index = index.withExperts(experts + spare);
    this.load = problem.load(padded.experts());
  }

  /**
   * @return shape [nodes][slotsPerNode]: the experts of each node; one listed twice has two copies
   *     there
   */
  public int[][] run(NodeObjective objective, long steps, long seed) {
    int nodes = problem.layout().nodes();
    int[] homes =
        limits.ordered() ? new OrderedStart(limits, load, problem.layout()).homes() : start();
    if (nodes > 1) {
      LayerTokens coarse = thinned(padded.tokens() / COARSE);
      homes =
          anneal(
              coarse,
              new TokenIndex(coarse),
              homes,
              objective,
              annealing(COARSE_STAGE, steps / 2, seed));
      homes = anneal(padded, index, homes, objective, annealing(FINE_STAGE, steps / 2, seed));
    }
    int[][] held = new int[nodes][problem.layout().slotsPerNode()];
    for (int n = 0; n < nodes; n++) {
      Arrays.fill(held[n], CopyAnnealer.SPARE);
      int used = 0;
      for (int e = 0; e < problem.tokens().experts(); e++) {
        if (homes[e] == n || homes[e] == nodes) {
          held[n][used++] = e;
        }
      }
      fill(held[n]);
    }
    return held;
  }

  private LayerTokens thinned(int most) {
    return padded.thinned(Math.max(1, most));
  }

  private int[] anneal(
      LayerTokens tokens,
      TokenIndex tokenIndex,
      int[] homes,
      NodeObjective objective,
      Annealing annealing) {
    int nodes = problem.layout().nodes();
    double[] tokensOf = new double[load.length];
    for (short e : tokens.ids()) {
      tokensOf[e]++;
    }
    Topology topology = problem.layout().topology();
    Topology.LinkUnits links = topology.units(nodes);
    NodePartition partition = new NodePartition(tokens, tokenIndex, nodes, links.of(), homes);
    return new NodeAnnealer(
            partition,
            tokensOf,
            topology.capacity(problem.layout()),
            1 / (tokens.tokens() * links.mean()),
            objective,
            limits)
        .run(annealing);
  }

  /** A stage of a division over nodes. */
  static Annealing annealing(AnnealingStage stage, long steps, long seed) {
    return new Annealing(stage, steps, PROPOSALS_PER_TEMPERATURE, seed);
  }

  /** Whether there are copies beyond one of each expert whose nodes can be chosen. */
  public boolean hasCopies() {
    return everywhere > 0 && everywhere < problem.tokens().experts();
  }

  /**
   * Improves a division by letting every copy find a node of its own.
   *
   * @param division as {@link #run} returned it
   */
  public int[][] spread(int[][] division, NodeObjective objective, long steps, long seed) {
    LayerTokens tokens = problem.tokens();
    long[] masks = new long[tokens.experts()];
    for (int n = 0; n < division.length; n++) {
      for (int e : division[n]) {
        masks[e] |= 1L << n;
      }
    }
    CopyPartition partition = new CopyPartition(tokens, index, problem.layout(), masks);
    int[][] held =
        new CopyAnnealer(partition, tokens, problem.layout(), division, objective)
            .run(new Annealing(COPIES_STAGE, steps, seed));
    for (int[] node : held) {
      fill(node);
    }
    return held;
  }

  /** Busiest experts on every node, the rest dealt out back and forth by falling load. */
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

  /**
   * Gives each spare slot of a node to a copy of a busy expert, then sorts: to a second copy in the
   * node if the limits allow one.
   */
  private void fill(int[] held) {
    int[] copies = new int[problem.tokens().experts()];
    for (int e : held) {
      if (e != CopyAnnealer.SPARE) {
        copies[e]++;
      }
    }
    for (int i = 0; i < held.length; i++) {
      if (held[i] == CopyAnnealer.SPARE) {
        held[i] = busiestPerCopy(copies, limits.oncePerNode() ? 0 : problem.layout().gpusPerNode());
        copies[held[i]]++;
      }
    }
    Arrays.sort(held);
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
    if (best >= 0) {
      return best;
    }
    for (int e = 0; e < copies.length; e++) {
      if (copies[e] == 0 && (best < 0 || load[e] > load[best])) {
        best = e;
      }
    }
    return best;
  }
}
