package io.sextant.placement.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.Topologies;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.TokenIndex;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class CopyPartitionTest {

  @Property(tries = 60)
  void tablesEqualAFreshStateAfterAnySetsOfNodes(
      @ForAll @IntRange(min = 2, max = 40) int nodes,
      @ForAll @IntRange(min = 8, max = 40) int experts,
      @ForAll @IntRange(min = 1, max = 8) int topK,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll Random random) {
    LayerTokens tokens = SampleTokens.folded(layer, experts, topK, nodes, 400);
    long[] masks = new long[experts];
    for (int e = 0; e < experts; e++) {
      masks[e] = anySet(nodes, random);
    }
    SlotLayout layout = new SlotLayout(nodes, 1, experts, Topologies.any(nodes, random));
    CopyPartition partition = new CopyPartition(tokens, new TokenIndex(tokens), layout, masks);
    for (int i = 0; i < 60; i++) {
      int e = random.nextInt(experts);
      masks[e] = anySet(nodes, random);
      partition.assign(e, masks[e]);
    }
    assertThat(partition.masks()).isEqualTo(masks);
    assertThat(partition.consistent()).isTrue();
  }

  /** With one copy before and after nothing is left to the hash: expectation is the exact count. */
  @Property(tries = 60)
  void expectedChangeOfSingleCopiesIsExact(
      @ForAll @IntRange(min = 2, max = 40) int nodes,
      @ForAll @IntRange(min = 8, max = 40) int experts,
      @ForAll @IntRange(min = 1, max = 8) int topK,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll Random random) {
    LayerTokens tokens = SampleTokens.folded(layer, experts, topK, nodes, 400);
    long[] masks = new long[experts];
    for (int e = 0; e < experts; e++) {
      // Everywhere or on one node: no token has a choice.
      masks[e] = random.nextInt(6) == 0 ? (1L << nodes) - 1 : 1L << random.nextInt(nodes);
    }
    SlotLayout layout = new SlotLayout(nodes, 1, experts, Topologies.any(nodes, random));
    CopyPartition partition = new CopyPartition(tokens, new TokenIndex(tokens), layout, masks);
    for (int i = 0; i < 40; i++) {
      int a = random.nextInt(experts);
      int b = random.nextInt(experts);
      if (a == b) {
        continue;
      }
      long toA = partition.mask(b);
      long toB = random.nextBoolean() ? partition.mask(a) : 1L << random.nextInt(nodes);
      double[] change = new double[nodes];
      partition.addExpected(a, toA, change);
      partition.addExpected(b, toB, change);
      partition.addTogether(a, toA, b, toB, change);
      long[] before = received(partition, nodes);
      partition.assign(a, toA);
      partition.assign(b, toB);
      for (int n = 0; n < nodes; n++) {
        assertThat((double) (partition.received(n) - before[n])).isCloseTo(change[n], within(1e-9));
      }
    }
    assertThat(partition.consistent()).isTrue();
  }

  /** Where copies leave a choice, the expectation is within what hashes of so many tokens stray. */
  @Property(tries = 40)
  void expectedChangeIsCloseWhereCopiesLeaveAChoice(
      @ForAll @IntRange(min = 3, max = 8) int nodes,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll Random random) {
    int experts = 32;
    LayerTokens tokens = SampleTokens.folded(layer, experts, 4, nodes, 6_000);
    long[] masks = new long[experts];
    for (int e = 0; e < experts; e++) {
      masks[e] = anySet(nodes, random);
    }
    SlotLayout layout = new SlotLayout(nodes, 1, experts);
    CopyPartition partition = new CopyPartition(tokens, new TokenIndex(tokens), layout, masks);
    int a = random.nextInt(experts);
    long to = anySet(nodes, random);
    double[] change = new double[nodes];
    partition.addExpected(a, to, change);
    // Of the tokens that hold the expert each decides independently whether it goes to a node:
    // variance at most a quarter a token before the change and after it. Six deviations.
    double stray = 6 * Math.sqrt(2 * 0.25 * SampleTokens.load(tokens)[a]);
    long[] before = received(partition, nodes);
    partition.assign(a, to);
    for (int n = 0; n < nodes; n++) {
      assertThat((double) (partition.received(n) - before[n]))
          .isCloseTo(change[n], within(stray + 1));
    }
  }

  private static long anySet(int nodes, Random random) {
    return random.nextLong(1, 1L << nodes);
  }

  private static long[] received(CopyPartition partition, int nodes) {
    long[] received = new long[nodes];
    for (int n = 0; n < nodes; n++) {
      received[n] = partition.received(n);
    }
    return received;
  }
}
