package io.sextant.placement.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.Topologies;
import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.anneal.AnnealingStage;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.TokenIndex;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class CopyAnnealerTest {
  private static final NodeObjective OBJECTIVE = new NodeObjective(2, 1);
  private static final AnnealingStage STAGE = new AnnealingStage(1e-2, 1e-4);

  @Property(tries = 40)
  void keepsEveryExpertAndItsBestState(
      @ForAll @IntRange(min = 2, max = 6) int nodes,
      @ForAll @IntRange(min = 4, max = 10) int perNode,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll Random random) {
    int experts = Math.max(perNode, 3 + random.nextInt(nodes * perNode - 2));
    LayerTokens tokens = SampleTokens.folded(layer, experts, Math.min(4, experts), nodes, 400);
    SlotLayout layout = new SlotLayout(nodes, 1, perNode).on(Topologies.any(nodes, random));
    int[][] start = new int[nodes][perNode];
    for (int i = 0; i < nodes * perNode; i++) {
      start[i % nodes][i / nodes] = i % experts;
    }
    CopyAnnealer annealer = annealer(tokens, layout, start);
    double before = annealer.energy();
    int[][] best = annealer.run(new Annealing(STAGE, 3_000, 5));
    assertThat(annealer(tokens, layout, start).run(new Annealing(STAGE, 3_000, 5)))
        .isDeepEqualTo(best);
    boolean[] held = new boolean[experts];
    for (int[] node : best) {
      int[] real = Arrays.stream(node).filter(e -> e != CopyAnnealer.SPARE).toArray();
      assertThat(node).hasSize(perNode);
      assertThat(real).doesNotHaveDuplicates();
      Arrays.stream(real).forEach(e -> held[e] = true);
    }
    assertThat(held).doesNotContain(false);
    assertThat(annealer(tokens, layout, best).energy()).isLessThanOrEqualTo(before + 1e-9);
  }

  /** The energy that is carried along is that of a fresh annealer in the same state. */
  @Property(tries = 40)
  void energyIsThatOfAFreshState(
      @ForAll @IntRange(min = 2, max = 6) int nodes,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll @IntRange(min = 1, max = 60) int proposals) {
    LayerTokens tokens = SampleTokens.folded(layer, 12, 4, nodes, 400);
    SlotLayout layout = new SlotLayout(nodes, 1, 8);
    int[][] start = new int[nodes][8];
    for (int i = 0; i < nodes * 8; i++) {
      start[i % nodes][i / nodes] = i % 12;
    }
    CopyAnnealer annealer = annealer(tokens, layout, start);
    Annealing hot = new Annealing(new AnnealingStage(1, 1), 0, 3);
    for (int i = 0; i < proposals; i++) {
      annealer.propose(hot);
    }
    // No proposal more, so what is kept is the state as it stands.
    int[][] now = annealer.run(new Annealing(STAGE, 0, 1));
    assertThat(annealer.energy()).isCloseTo(annealer(tokens, layout, now).energy(), within(1e-9));
  }

  private static CopyAnnealer annealer(LayerTokens tokens, SlotLayout layout, int[][] held) {
    long[] masks = new long[tokens.experts()];
    for (int n = 0; n < held.length; n++) {
      for (int e : held[n]) {
        if (e != CopyAnnealer.SPARE) {
          masks[e] |= 1L << n;
        }
      }
    }
    CopyPartition partition = new CopyPartition(tokens, new TokenIndex(tokens), layout, masks);
    return new CopyAnnealer(partition, tokens, layout, held, OBJECTIVE);
  }
}
