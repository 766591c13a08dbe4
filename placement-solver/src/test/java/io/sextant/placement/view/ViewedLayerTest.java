package io.sextant.placement.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.objective.ObjectiveWeights;
import io.sextant.placement.objective.SlotState;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.LayerContext;
import io.sextant.placement.search.SearchBudget;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.Transport;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ViewedLayerTest {
  private static final int MICRO_BATCH = 100;
  private static final SolverSettings ALL_TOKENS =
      new SolverSettings(new SearchBudget(1_000_000, 0, 0, 0, 0, 0), ObjectiveWeights.DEFAULT, 1);

  @Property(tries = 60)
  void aMapIsWorthWhatItsSingleCopiesAreWorth(
      @ForAll boolean byRank,
      @ForAll @IntRange(min = 2, max = 6) int nodes,
      @ForAll @IntRange(min = 1, max = 3) int gpusPerNode,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll Random random) {
    LayerProblem problem = problem(byRank, nodes, gpusPerNode, 12, layer);
    int[] map = anyMap(problem.layout(), 12, random);
    int[] copies = CopyCounts.of(map, 12);
    ViewedLayer viewed = ViewedLayer.of(problem, copies);
    int[] single = viewed.copies(map);
    SlotState state = LayerContext.of(viewed.problem(), ALL_TOKENS, viewed.limits()).state(single);
    int[][] served = served(problem, map);
    assertThat(state.remoteNodesPerToken()).isCloseTo(remoteNodes(problem, served), within(1e-12));
    assertThat(state.maxOverMeanNodeReceive()).isCloseTo(receive(problem, served), within(1e-12));
    assertThat(state.maxOverMeanGpuLoad()).isCloseTo(imbalance(problem, served), within(1e-5));
    assertThat(viewed.experts(single)).isEqualTo(map);
    assertThat(viewed.copies(viewed.experts(single))).isEqualTo(single);
    assertThat(Arrays.stream(single).sorted().toArray())
        .isEqualTo(IntStream.range(0, map.length).toArray());
  }

  /** The copies of an expert are a chain in slot order. */
  @Test
  void ordersTheCopiesOfAnExpert() {
    LayerProblem layered =
        new LayerProblem(
            new SlotLayout(2, 1, 4),
            SampleTokens.folded(0, 4, 2, 2, 50),
            MICRO_BATCH,
            CopyRule.RANK,
            Transport.NODE_DEDUPLICATED);
    ViewedLayer viewed = ViewedLayer.of(layered, new int[] {1, 3, 2, 2});
    assertThat(viewed.expertOf()).containsExactly(0, 1, 1, 1, 2, 2, 3, 3);
    assertThat(viewed.limits().before()).containsExactly(-1, -1, 1, 2, -1, 4, -1, 6);
    assertThat(viewed.limits().after()).containsExactly(-1, 2, 3, -1, 5, -1, 7, -1);
    assertThat(viewed.copies(new int[] {1, 2, 3, 0, 1, 3, 2, 1}))
        .containsExactly(1, 4, 6, 0, 2, 7, 5, 3);
    assertThatThrownBy(() -> ViewedLayer.of(layered, new int[] {1, 1, 1, 1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("4 copies for 8 slots");
  }

  @Property(tries = 20)
  void halvesAreTheFirstAndTheSecondOfTwoCopies(
      @ForAll boolean byRank, @ForAll @IntRange(min = 0, max = 5) int layer) {
    LayerProblem problem = problem(byRank, 4, 2, 12, layer);
    LayerTokens halves = ViewedLayer.halves(problem);
    int[] numbers = TokenClasses.of(problem);
    assertThat(halves.experts()).isEqualTo(24);
    for (int i = 0; i < halves.ids().length; i++) {
      int part = Integer.remainderUnsigned(numbers[i / halves.topK()], 2);
      assertThat(halves.ids()[i]).isEqualTo((short) (2 * problem.tokens().ids()[i] + part));
    }
  }

  private static LayerProblem problem(
      boolean byRank, int nodes, int gpusPerNode, int experts, int layer) {
    int gpus = nodes * gpusPerNode;
    return new LayerProblem(
        new SlotLayout(nodes, gpusPerNode, Math.min(experts, (experts + gpus - 1) / gpus + 2)),
        SampleTokens.onGpus(SampleTokens.folded(layer, experts, 4, nodes, 500), gpusPerNode),
        MICRO_BATCH,
        byRank ? CopyRule.RANK : CopyRule.TOKEN_HASH,
        Transport.NODE_DEDUPLICATED);
  }

  /** Every expert somewhere, the other slots as they come. */
  private static int[] anyMap(SlotLayout layout, int experts, Random random) {
    int[] map = new int[layout.slots()];
    for (int p = 0; p < map.length; p++) {
      map[p] = p < experts ? p : random.nextInt(experts);
    }
    for (int p = map.length - 1; p > 0; p--) {
      int q = random.nextInt(p + 1);
      int e = map[p];
      map[p] = map[q];
      map[q] = e;
    }
    return map;
  }

  /** Shape [tokens][topK]: the slot that serves each choice, by the engine's formula. */
  private static int[][] served(LayerProblem problem, int[] map) {
    LayerTokens tokens = problem.tokens();
    int gpusPerNode = problem.layout().gpusPerNode();
    int[][] served = new int[tokens.tokens()][tokens.topK()];
    int[] seen = new int[problem.layout().gpus()];
    for (int t = 0; t < served.length; t++) {
      if (t % MICRO_BATCH == 0) {
        Arrays.fill(seen, 0);
      }
      int rank = tokens.sourceNode()[t] * gpusPerNode + tokens.sourceLocalGpu()[t];
      long number =
          problem.rule() == CopyRule.RANK ? rank : seen[rank]++ * 2_654_435_769L % (1L << 32);
      for (int i = 0; i < tokens.topK(); i++) {
        int expert = tokens.ids()[t * tokens.topK() + i];
        int[] slots = IntStream.range(0, map.length).filter(p -> map[p] == expert).toArray();
        served[t][i] = slots[(int) (number % slots.length)];
      }
    }
    return served;
  }

  private static boolean[][] visits(LayerProblem problem, int[][] served) {
    boolean[][] visits = new boolean[served.length][problem.layout().nodes()];
    for (int t = 0; t < served.length; t++) {
      for (int slot : served[t]) {
        int node = problem.layout().nodeOfSlot(slot);
        visits[t][node] |= node != problem.tokens().sourceNode()[t];
      }
    }
    return visits;
  }

  private static double remoteNodes(LayerProblem problem, int[][] served) {
    int sum = 0;
    for (boolean[] token : visits(problem, served)) {
      for (boolean visit : token) {
        sum += visit ? 1 : 0;
      }
    }
    return sum / (double) served.length;
  }

  private static double receive(LayerProblem problem, int[][] served) {
    int[] received = new int[problem.layout().nodes()];
    for (boolean[] token : visits(problem, served)) {
      for (int n = 0; n < token.length; n++) {
        received[n] += token[n] ? 1 : 0;
      }
    }
    return maxOverMean(received);
  }

  private static double imbalance(LayerProblem problem, int[][] served) {
    double sum = 0;
    int batches = served.length / MICRO_BATCH;
    for (int b = 0; b < batches; b++) {
      int[] load = new int[problem.layout().gpus()];
      for (int t = b * MICRO_BATCH; t < (b + 1) * MICRO_BATCH; t++) {
        for (int slot : served[t]) {
          load[problem.layout().gpuOfSlot(slot)]++;
        }
      }
      sum += maxOverMean(load);
    }
    return sum / batches;
  }

  private static double maxOverMean(int[] counts) {
    return Arrays.stream(counts).max().orElseThrow()
        / Arrays.stream(counts).average().orElseThrow();
  }
}
