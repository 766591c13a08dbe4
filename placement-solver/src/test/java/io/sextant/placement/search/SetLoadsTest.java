package io.sextant.placement.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.Topologies;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SetLoadsTest {

  @Property(tries = 60)
  void loadsFollowAPlainCountThroughTrials(
      @ForAll @IntRange(min = 1, max = 40) int nodes,
      @ForAll @IntRange(min = 2, max = 40) int experts,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll Random random) {
    LayerTokens tokens = SampleTokens.folded(layer, experts, Math.min(4, experts), nodes, 300);
    SlotLayout layout =
        new SlotLayout(nodes, 1, experts).on(Topologies.slow(nodes, n -> n % 3 == 1));
    long[] masks = new long[experts];
    for (int e = 0; e < experts; e++) {
      masks[e] = anySet(nodes, random);
    }
    SetLoads loads = new SetLoads(tokens, layout, masks);
    assertSame(loads, masks, tokens, layout);
    for (int i = 0; i < 30; i++) {
      int a = random.nextInt(experts);
      int b = (a + 1 + random.nextInt(experts - 1)) % experts;
      long toA = anySet(nodes, random);
      long toB = anySet(nodes, random);
      double[] before = excess(masks, tokens, layout);
      loads.trial(a, masks[a], toA, b, masks[b], toB);
      long[] changed = masks.clone();
      changed[a] = toA;
      changed[b] = toB;
      double[] after = excess(changed, tokens, layout);
      for (int n = 0; n < nodes; n++) {
        assertThat(loads.excessChange(n)).isCloseTo(after[n] - before[n], within(1e-9));
      }
      if (random.nextBoolean()) {
        loads.commit();
        masks = changed;
      }
    }
    assertSame(loads, masks, tokens, layout);
  }

  private static void assertSame(
      SetLoads loads, long[] masks, LayerTokens tokens, SlotLayout layout) {
    double[] excess = excess(masks, tokens, layout);
    for (int n = 0; n < excess.length; n++) {
      assertThat(loads.excess(n)).isCloseTo(excess[n], within(1e-9));
    }
  }

  /** Token by token; a node with half the speed has half the share. */
  private static double[] excess(long[] masks, LayerTokens tokens, SlotLayout layout) {
    int nodes = layout.nodes();
    double[] load = new double[nodes];
    for (int i = 0; i < tokens.ids().length; i++) {
      long mask = masks[tokens.ids()[i]];
      int source = tokens.sourceNode()[i / tokens.topK()];
      for (int n = 0; n < nodes; n++) {
        if ((mask >> source & 1) != 0) {
          load[n] += n == source ? 1 : 0;
        } else if ((mask >> n & 1) != 0) {
          load[n] += 1.0 / Long.bitCount(mask);
        }
      }
    }
    double speeds = 0;
    for (int n = 0; n < nodes; n++) {
      speeds += n % 3 == 1 ? 0.5 : 1;
    }
    for (int n = 0; n < nodes; n++) {
      double share = tokens.ids().length * (n % 3 == 1 ? 0.5 : 1) / speeds;
      load[n] = load[n] / share - 1;
    }
    return load;
  }

  private static long anySet(int nodes, Random random) {
    return random.nextLong(1, 1L << nodes);
  }
}
