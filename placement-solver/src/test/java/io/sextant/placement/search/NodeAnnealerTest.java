package io.sextant.placement.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.anneal.AnnealingStage;
import io.sextant.placement.problem.CopyLimits;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.TokenIndex;
import io.sextant.placement.problem.Topology;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class NodeAnnealerTest {

  @Property(tries = 30)
  void neverEndsWorseThanItBegan(
      @ForAll @IntRange(min = 2, max = 8) int nodes,
      @ForAll @IntRange(min = 2, max = 8) int perNode,
      @ForAll @IntRange(min = 0, max = 4) int everywhere,
      @ForAll @IntRange(min = 0, max = 4) int balance,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll Random random) {
    int experts = nodes * perNode + everywhere;
    LayerTokens tokens = SampleTokens.folded(layer, experts, Math.min(8, experts), nodes, 600);
    TokenIndex index = new TokenIndex(tokens);
    double[] load = SampleTokens.load(tokens);
    NodeObjective weights = new NodeObjective(balance, balance);
    int[] start = new int[experts];
    for (int e = 0; e < experts; e++) {
      start[e] = e < everywhere ? nodes : (e - everywhere) / perNode;
    }
    long seed = random.nextLong();
    int[] end = anneal(tokens, index, nodes, start, load, weights, seed);
    assertThat(count(end, nodes)).isEqualTo(count(start, nodes));
    assertThat(objective(tokens, index, nodes, end, load, weights))
        .isLessThanOrEqualTo(objective(tokens, index, nodes, start, load, weights) + 1e-9);
    assertThat(anneal(tokens, index, nodes, start, load, weights, seed)).isEqualTo(end);
  }

  private static int[] anneal(
      LayerTokens tokens,
      TokenIndex index,
      int nodes,
      int[] start,
      double[] load,
      NodeObjective weights,
      long seed) {
    NodePartition partition = new NodePartition(tokens, index, nodes, even(nodes), start);
    double[] capacity = new double[nodes];
    Arrays.fill(capacity, 1);
    return new NodeAnnealer(
            partition,
            load,
            capacity,
            1.0 / tokens.tokens(),
            weights,
            CopyLimits.anywhere(tokens.experts()))
        .run(new Annealing(new AnnealingStage(1e-2, 1e-4), 8_000, seed));
  }

  private static int[] even(int nodes) {
    return Topology.EVEN.units(nodes).of();
  }

  private static int[] count(int[] homes, int nodes) {
    int[] count = new int[nodes + 1];
    for (int home : homes) {
      count[home]++;
    }
    return count;
  }

  /** What the annealer minimises, from a fresh state. */
  private static double objective(
      LayerTokens tokens,
      TokenIndex index,
      int nodes,
      int[] homes,
      double[] load,
      NodeObjective weights) {
    NodePartition partition = new NodePartition(tokens, index, nodes, even(nodes), homes);
    double[] nodeLoad = new double[nodes];
    for (int e = 0; e < homes.length; e++) {
      for (int n = 0; n < nodes; n++) {
        nodeLoad[n] += homes[e] == n ? load[e] : homes[e] == nodes ? load[e] / nodes : 0;
      }
    }
    double mean = Arrays.stream(nodeLoad).sum() / nodes;
    double remote = partition.remoteNodes();
    double sum = remote / tokens.tokens();
    for (int n = 0; n < nodes; n++) {
      sum += weights.loadPenalty(nodeLoad[n] / mean - 1);
      sum += remote == 0 ? 0 : weights.receivePenalty(nodes * partition.received(n) / remote - 1);
    }
    return sum;
  }
}
