package io.sextant.placement.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.Topologies;
import io.sextant.placement.objective.MicroBatchLoads;
import io.sextant.placement.objective.ObjectiveWeights;
import io.sextant.placement.problem.BalanceUnit;
import io.sextant.placement.problem.CopyLimits;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.TokenIndex;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class JointCostTest {

  @Property(tries = 40)
  void energyAfterAnyChangesIsThatOfAFreshState(
      @ForAll @IntRange(min = 1, max = 6) int nodes,
      @ForAll @IntRange(min = 1, max = 4) int slotsPerGpu,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll Random random) {
    SlotLayout layout = new SlotLayout(nodes, 2, slotsPerGpu).on(Topologies.any(nodes, random));
    int experts = Math.max(slotsPerGpu, 2) + random.nextInt(layout.slots());
    experts = Math.min(experts, layout.slots());
    LayerContext context = context(layout, experts, layer);
    int[] slots = start(layout, experts);
    JointCost cost = new JointCost(context, slots);
    for (int i = 0; i < 40; i++) {
      int p = random.nextInt(slots.length);
      int q = random.nextInt(slots.length);
      int a = slots[p];
      int b = slots[q];
      if (a == b) {
        continue;
      }
      boolean accepted = swap(cost, slots, p, q, random.nextDouble() - 0.2);
      assertThat(slots[p]).isEqualTo(accepted ? b : a);
      assertThat(cost.loads().slotsOf(a)).isEqualTo(slotsOf(slots, a));
    }
    assertThat(cost.energy()).isCloseTo(new JointCost(context, slots).energy(), within(1e-4));
  }

  /**
   * With one copy per expert nothing is left to the hash: a change is accepted at its own delta.
   */
  @Property(tries = 40)
  void acceptsAChangeExactlyFromItsEffectOnTheEnergy(
      @ForAll @IntRange(min = 1, max = 6) int nodes,
      @ForAll @IntRange(min = 2, max = 4) int slotsPerGpu,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll Random random) {
    SlotLayout layout = new SlotLayout(nodes, 2, slotsPerGpu).on(Topologies.any(nodes, random));
    int experts = layout.slots();
    LayerContext context = context(layout, experts, layer);
    int[] slots = start(layout, experts);
    for (int i = 0; i < 10; i++) {
      int p = random.nextInt(experts);
      int q = random.nextInt(experts);
      if (p == q) {
        continue;
      }
      JointCost cost = new JointCost(context, slots);
      double before = cost.energy();
      assertThat(swap(cost, slots.clone(), p, q, Double.POSITIVE_INFINITY)).isTrue();
      double delta = cost.energy() - before;
      // Far enough from the threshold for sums of floats.
      assertThat(swap(new JointCost(context, slots), slots.clone(), p, q, delta - 1e-4)).isFalse();
      // Between nodes the first looks, which leave out the tokens of both, may reject what is worth
      // it.
      if (layout.nodeOfSlot(p) == layout.nodeOfSlot(q)) {
        assertThat(swap(new JointCost(context, slots), slots.clone(), p, q, delta + 1e-4)).isTrue();
      }
    }
  }

  private static boolean swap(JointCost cost, int[] slots, int p, int q, double threshold) {
    int a = slots[p];
    int b = slots[q];
    slots[p] = b;
    slots[q] = a;
    boolean accepted = cost.change(a, slotsOf(slots, a), b, slotsOf(slots, b), threshold);
    if (!accepted) {
      slots[p] = a;
      slots[q] = b;
    }
    return accepted;
  }

  private static int[] start(SlotLayout layout, int experts) {
    return IntStream.range(0, layout.slots()).map(p -> p % experts).toArray();
  }

  private static int[] slotsOf(int[] slots, int expert) {
    return IntStream.range(0, slots.length).filter(p -> slots[p] == expert).toArray();
  }

  private static LayerContext context(SlotLayout layout, int experts, int layer) {
    LayerTokens tokens =
        SampleTokens.folded(layer, experts, Math.min(6, experts), layout.nodes(), 400);
    return new LayerContext(
        new LayerProblem(layout, tokens, 100),
        new TokenIndex(tokens),
        MicroBatchLoads.of(tokens, layout.nodes(), 100, BalanceUnit.TOKENS),
        new ObjectiveWeights(0.5, 1),
        CopyLimits.anywhere(tokens.experts()));
  }
}
