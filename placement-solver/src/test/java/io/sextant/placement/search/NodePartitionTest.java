package io.sextant.placement.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.Topologies;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.TokenIndex;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class NodePartitionTest {

  @Property(tries = 60)
  void gainTablesStayExactUnderSwaps(
      @ForAll @IntRange(min = 2, max = 8) int nodes,
      @ForAll @IntRange(min = 8, max = 40) int experts,
      @ForAll @IntRange(min = 1, max = 8) int topK,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll @IntRange(min = 0, max = 6) int everywhere,
      @ForAll Random random) {
    LayerTokens tokens = SampleTokens.folded(layer, experts, topK, nodes, 400);
    TokenIndex index = new TokenIndex(tokens);
    int[] homes = new int[experts];
    for (int e = 0; e < experts; e++) {
      homes[e] = e < everywhere ? nodes : random.nextInt(nodes);
    }
    int[] price = Topologies.any(nodes, random).units(nodes).of();
    NodePartition partition = new NodePartition(tokens, index, nodes, price, homes);
    assertCounts(partition, tokens, homes, price, nodes);
    for (int i = 0; i < 60; i++) {
      int a = random.nextInt(experts);
      int b = random.nextInt(experts);
      if (homes[a] == homes[b]) {
        continue;
      }
      long before = partition.remoteNodes();
      int bound = partition.swapBound(a, b);
      int exact =
          bound + partition.soleTogether(a, b, homes[a]) + partition.soleTogether(a, b, homes[b]);
      int into = partition.receivedDelta(a, b, homes[a]);
      int intoOther = partition.receivedDelta(b, a, homes[b]);
      long received = homes[a] == nodes ? 0 : partition.received(homes[a]);
      partition.swap(a, b);
      long difference = partition.remoteNodes() - before;
      assertThat(difference).isEqualTo(exact).isEqualTo(into + intoOther);
      assertThat(bound).isLessThanOrEqualTo(exact);
      if (homes[a] < nodes) {
        assertThat(partition.received(homes[a]) - received).isEqualTo(into);
      }
      int swapped = homes[a];
      homes[a] = homes[b];
      homes[b] = swapped;
    }
    assertThat(partition.homes()).isEqualTo(homes);
    assertCounts(partition, tokens, homes, price, nodes);
    assertSameTables(
        partition, new NodePartition(tokens, index, nodes, price, homes), experts, nodes);
  }

  /** Single moves, as the annealer of two views makes them. */
  @Property(tries = 40)
  void aMoveChangesTrafficByWhatJoinsAndLeaves(
      @ForAll @IntRange(min = 2, max = 8) int nodes,
      @ForAll @IntRange(min = 8, max = 40) int experts,
      @ForAll @IntRange(min = 1, max = 8) int topK,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll Random random) {
    LayerTokens tokens = SampleTokens.folded(layer, experts, topK, nodes, 400);
    TokenIndex index = new TokenIndex(tokens);
    int[] homes = random.ints(experts, 0, nodes).toArray();
    int[] price = Topologies.any(nodes, random).units(nodes).of();
    NodePartition partition = new NodePartition(tokens, index, nodes, price, homes);
    for (int i = 0; i < 60; i++) {
      int e = random.nextInt(experts);
      int to = random.nextInt(nodes);
      int from = homes[e];
      if (from == to) {
        continue;
      }
      long left = partition.received(from) - partition.leaves(e);
      long joined = partition.received(to) + partition.joins(e, to);
      partition.move(e, from, to);
      homes[e] = to;
      assertThat(partition.received(from)).isEqualTo(left);
      assertThat(partition.received(to)).isEqualTo(joined);
    }
    assertThat(partition.homes()).isEqualTo(homes);
    assertCounts(partition, tokens, homes, price, nodes);
    assertSameTables(
        partition, new NodePartition(tokens, index, nodes, price, homes), experts, nodes);
  }

  /** What a proposal can see of the tables: every gain, every correction. */
  private static void assertSameTables(
      NodePartition kept, NodePartition fresh, int experts, int nodes) {
    for (int a = 0; a < experts; a++) {
      for (int b = 0; b < experts; b++) {
        if (kept.home(a) != kept.home(b)) {
          assertThat(kept.swapBound(a, b)).isEqualTo(fresh.swapBound(a, b));
          assertThat(kept.receivedDelta(a, b, kept.home(a)))
              .isEqualTo(fresh.receivedDelta(a, b, kept.home(a)));
        }
      }
    }
    for (int n = 0; n < nodes; n++) {
      assertThat(kept.received(n)).isEqualTo(fresh.received(n));
    }
  }

  private static void assertCounts(
      NodePartition partition, LayerTokens tokens, int[] homes, int[] price, int nodes) {
    long[] received = new long[nodes];
    long sum = 0;
    for (int t = 0; t < tokens.tokens(); t++) {
      Set<Integer> remote = new HashSet<>();
      for (int i = 0; i < tokens.topK(); i++) {
        remote.add(homes[tokens.ids()[t * tokens.topK() + i]]);
      }
      remote.remove((int) tokens.sourceNode()[t]);
      remote.remove(nodes);
      for (int n : remote) {
        int units = price[tokens.sourceNode()[t] * nodes + n];
        received[n] += units;
        sum += units;
      }
    }
    assertThat(partition.remoteNodes()).isEqualTo(sum);
    for (int n = 0; n < nodes; n++) {
      assertThat(partition.received(n)).isEqualTo(received[n]);
    }
  }
}
