package io.sextant.placement.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.Evaluations;
import io.sextant.placement.SampleTokens;
import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.placement.problem.BalanceUnit;
import io.sextant.placement.problem.CopyLimits;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.ReplicaChoice;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.TokenIndex;
import io.sextant.placement.search.LayerContext;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.Transport;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SlotStateTest {
  private static final int MICRO_BATCH_TOKENS = 100;
  private static final int TOKENS = 700;

  @Property(tries = 60)
  void equalsAFreshStateAfterAnyPuts(
      @ForAll @IntRange(min = 1, max = 8) int nodes,
      @ForAll @IntRange(min = 1, max = 4) int gpusPerNode,
      @ForAll @IntRange(min = 1, max = 5) int slotsPerGpu,
      @ForAll @IntRange(min = 1, max = 8) int topK,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll Random random) {
    SlotLayout layout = new SlotLayout(nodes, gpusPerNode, slotsPerGpu);
    int experts = Math.min(layout.slots(), 8 + random.nextInt(40));
    LayerContext context = context(layout, experts, Math.min(experts, topK), layer);
    int[] slots = new int[layout.slots()];
    Arrays.setAll(slots, p -> p % experts);
    SlotState state = context.state(slots);
    for (int i = 0; i < 80; i++) {
      int p = random.nextInt(slots.length);
      slots[p] = random.nextInt(10) == 0 ? SlotState.EMPTY : random.nextInt(experts);
      state.put(p, slots[p]);
      if (i % 7 == 0) {
        // Asked for at any moment, so that changes are worked in by parts.
        assertSame(state, context.state(slots));
      }
    }
    assertThat(state.slots()).isEqualTo(slots);
    assertThat(state.broken()).isEqualTo(broken(slots, experts, layout));
    assertSame(state, context.state(slots));
    Arrays.setAll(slots, p -> p % experts);
    for (int p = 0; p < slots.length; p++) {
      state.put(p, slots[p]);
    }
    assertSame(state, context.state(slots));
  }

  private static void assertSame(SlotState state, SlotState fresh) {
    assertThat(state.broken()).isEqualTo(fresh.broken());
    assertThat(state.remoteNodesPerToken()).isEqualTo(fresh.remoteNodesPerToken());
    assertThat(state.maxOverMeanNodeReceive()).isEqualTo(fresh.maxOverMeanNodeReceive());
    // Loads are sums of floats that come and go.
    assertThat(state.maxOverMeanGpuLoad()).isCloseTo(fresh.maxOverMeanGpuLoad(), within(1e-4));
  }

  /** Experts without a slot, and copies that share a GPU with one of their like before them. */
  private static int broken(int[] slots, int experts, SlotLayout layout) {
    int broken = experts - (int) Arrays.stream(slots).filter(e -> e >= 0).distinct().count();
    for (int g = 0; g < layout.gpus(); g++) {
      int[] held =
          Arrays.stream(slots, g * layout.slotsPerGpu(), (g + 1) * layout.slotsPerGpu())
              .filter(e -> e >= 0)
              .toArray();
      broken += held.length - (int) Arrays.stream(held).distinct().count();
    }
    return broken;
  }

  /** A rule that does not know the source leaves copies on it to chance. */
  @Property(tries = 30)
  void anyCopyServesUnderARuleThatDoesNotKnowTheSource(
      @ForAll @IntRange(min = 1, max = 6) int nodes,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll Random random) {
    SlotLayout layout = new SlotLayout(nodes, 2, 4);
    int experts = Math.max(4, layout.slots() / 2);
    int[] slots = new int[layout.slots()];
    Arrays.setAll(slots, p -> p < experts ? p : random.nextInt(experts));
    LayerContext ideal = context(layout, experts, 4, layer);
    LayerTokens tokens = ideal.problem().tokens();
    LayerProblem problem =
        new LayerProblem(
            layout, tokens, MICRO_BATCH_TOKENS, CopyRule.RANDOM, Transport.NODE_DEDUPLICATED);
    SlotState state =
        new SlotState(
            problem, ideal.index(), ideal.loads(), ideal.weights(), ideal.limits(), slots);
    int remote = 0;
    for (int t = 0; t < tokens.tokens(); t++) {
      boolean[] visited = new boolean[nodes];
      for (int i = t * 4; i < t * 4 + 4; i++) {
        int expert = tokens.ids()[i];
        int[] copies = IntStream.range(0, slots.length).filter(p -> slots[p] == expert).toArray();
        int slot = copies[ReplicaChoice.hash(t, expert) % copies.length];
        visited[layout.nodeOfSlot(slot)] = true;
      }
      for (int n = 0; n < nodes; n++) {
        remote += visited[n] && n != tokens.sourceNode()[t] ? 1 : 0;
      }
    }
    assertThat(state.remoteNodesPerToken())
        .isCloseTo(remote / (double) tokens.tokens(), within(1e-12));
  }

  /** Every limit is counted slot by slot. */
  @Property(tries = 60)
  void countsWhatBreaksTheLimits(
      @ForAll @IntRange(min = 1, max = 5) int nodes,
      @ForAll @IntRange(min = 1, max = 3) int gpusPerNode,
      @ForAll @IntRange(min = 1, max = 4) int slotsPerGpu,
      @ForAll Random random) {
    SlotLayout layout = new SlotLayout(nodes, gpusPerNode, slotsPerGpu);
    int experts = Math.max(slotsPerGpu, 1 + random.nextInt(layout.slots()));
    int[] slots = random.ints(layout.slots(), 0, experts).toArray();
    int unlimited = broken(slots, experts, layout);
    LayerContext context = context(layout, experts, Math.min(experts, 4), 0);
    int apart = 0;
    int twice = 0;
    for (int e = 0; e < experts; e++) {
      int[] copies = new int[nodes];
      for (int p = 0; p < slots.length; p++) {
        copies[layout.nodeOfSlot(p)] += slots[p] == e ? 1 : 0;
      }
      int held = (int) Arrays.stream(copies).filter(n -> n > 0).count();
      apart += Math.max(0, held - 1);
      twice += Arrays.stream(copies).sum() - held;
    }
    assertThat(
            broken(context, new CopyLimits(experts, 1, false, none(experts), none(experts)), slots))
        .isEqualTo(unlimited + apart);
    assertThat(
            broken(context, new CopyLimits(experts, 0, true, none(experts), none(experts)), slots))
        .isEqualTo(unlimited + twice);
  }

  /** Of a chain of single copies, each that is not after the one before and before the next. */
  @Property(tries = 60)
  void countsCopiesOutOfOrder(
      @ForAll @IntRange(min = 1, max = 5) int nodes,
      @ForAll @IntRange(min = 1, max = 3) int gpusPerNode,
      @ForAll @IntRange(min = 1, max = 4) int slotsPerGpu,
      @ForAll Random random) {
    SlotLayout layout = new SlotLayout(nodes, gpusPerNode, slotsPerGpu);
    int experts = layout.slots();
    CopyLimits limits = CopyLimits.anywhere(experts);
    for (int e = 1; e < experts; e++) {
      if (random.nextBoolean()) {
        limits.before()[e] = e - 1;
        limits.after()[e - 1] = e;
      }
    }
    int[] gpuOf = new int[experts];
    int[] slots = IntStream.range(0, experts).toArray();
    for (int p = experts - 1; p > 0; p--) {
      int q = random.nextInt(p + 1);
      int e = slots[p];
      slots[p] = slots[q];
      slots[q] = e;
    }
    for (int p = 0; p < experts; p++) {
      gpuOf[slots[p]] = layout.gpuOfSlot(p);
    }
    int out = 0;
    for (int e = 0; e < experts; e++) {
      boolean early = limits.before()[e] >= 0 && gpuOf[e] <= gpuOf[limits.before()[e]];
      boolean late = limits.after()[e] >= 0 && gpuOf[e] >= gpuOf[limits.after()[e]];
      out += early || late ? 1 : 0;
    }
    LayerContext context = context(layout, experts, Math.min(experts, 4), 0);
    assertThat(broken(context, limits, slots)).isEqualTo(out);
  }

  private static int[] none(int experts) {
    return CopyLimits.anywhere(experts).before();
  }

  private static int broken(LayerContext context, CopyLimits limits, int[] slots) {
    return new SlotState(
            context.problem(), context.index(), context.loads(), context.weights(), limits, slots)
        .broken();
  }

  @Property(tries = 60)
  void equalsTheEvaluatorOnTheSameTokens(
      @ForAll @IntRange(min = 1, max = 8) int nodes,
      @ForAll @IntRange(min = 1, max = 4) int gpusPerNode,
      @ForAll @IntRange(min = 1, max = 8) int topK,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll Random random) {
    int experts = 8 + random.nextInt(24);
    int gpus = nodes * gpusPerNode;
    SlotLayout layout =
        new SlotLayout(nodes, gpusPerNode, (experts + gpus - 1) / gpus + random.nextInt(3));
    // A GPU cannot hold more than one copy of each expert.
    Assume.that(layout.slotsPerGpu() <= experts);
    LayerContext context = context(layout, experts, topK, layer);
    int[] slots = new int[layout.slots()];
    for (int p = 0; p < slots.length; p++) {
      slots[p] = p < experts ? p : random.nextInt(experts);
    }
    for (int p = slots.length - 1; p > 0; p--) {
      int q = random.nextInt(p + 1);
      int e = slots[p];
      slots[p] = slots[q];
      slots[q] = e;
    }
    SlotState state = context.state(slots);
    LayerTokens tokens = context.problem().tokens();
    PlacementMetrics whole = evaluate(layout, slots, tokens, tokens.tokens());
    assertThat(state.remoteNodesPerToken()).isEqualTo(whole.remoteNodesPerToken());
    assertThat(state.maxOverMeanNodeReceive()).isEqualTo(whole.maxOverMeanNodeReceive());
    // Load is planned with even shares where the evaluator lets a hash deal the tokens out.
    assertThat(state.maxOverMeanGpuLoad())
        .isCloseTo(
            Evaluations.expectedGpuLoad(layout, slots, tokens, MICRO_BATCH_TOKENS), within(1e-5));
    if (slots.length == experts) {
      assertThat(state.maxOverMeanGpuLoad())
          .isCloseTo(
              evaluate(layout, slots, tokens, MICRO_BATCH_TOKENS).maxOverMeanGpuLoad(),
              within(1e-5));
    }
  }

  private static LayerContext context(SlotLayout layout, int experts, int topK, int layer) {
    LayerTokens tokens = SampleTokens.folded(layer, experts, topK, layout.nodes(), TOKENS);
    LayerProblem problem = new LayerProblem(layout, tokens, MICRO_BATCH_TOKENS);
    return new LayerContext(
        problem,
        new TokenIndex(tokens),
        MicroBatchLoads.of(tokens, layout.nodes(), MICRO_BATCH_TOKENS, BalanceUnit.TOKENS),
        ObjectiveWeights.DEFAULT,
        CopyLimits.anywhere(tokens.experts()));
  }

  private static PlacementMetrics evaluate(
      SlotLayout layout, int[] slots, LayerTokens tokens, int microBatchTokens) {
    return Evaluations.of(layout, slots, tokens, microBatchTokens).metrics();
  }
}
