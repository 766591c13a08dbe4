package io.sextant.placement.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.problem.BalanceUnit;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.Transport;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FlowObjectiveTest {
  private static final int MICRO_BATCH = 500;
  private static final int TOKENS = 1_000;
  private static final ObjectiveWeights TRAFFIC = new ObjectiveWeights(0, 0);
  private static final ObjectiveWeights TRAFFIC_AND_LOAD = new ObjectiveWeights(1, 0);

  @Property(tries = 30)
  void findsTheLeastLoadOfAnyFractionalSplit(
      @ForAll @IntRange(min = 1, max = 4) int nodes,
      @ForAll @IntRange(min = 1, max = 3) int gpusPerNode,
      @ForAll @IntRange(min = 2, max = 5) int slotsPerGpu,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll @IntRange(min = 0, max = 1000) int seed) {
    SlotLayout layout = new SlotLayout(nodes, gpusPerNode, slotsPerGpu);
    int experts = Math.max(slotsPerGpu, layout.slots() * 2 / 3);
    LayerProblem problem = problem(layout, experts, layer);
    SplittableRandom random = new SplittableRandom(seed);
    int[] slots = SampleMaps.random(layout, experts, random);
    double expected = plain(problem, slots);
    assertThat(imbalance(problem, slots)).isCloseTo(expected, within(0.02));

    FlowObjective both = objective(problem, TRAFFIC_AND_LOAD);
    both.of(SampleMaps.random(layout, experts, random));
    assertThat(both.of(slots)).isEqualTo(objective(problem, TRAFFIC_AND_LOAD).of(slots));
  }

  /** From the split of a map that differs in two slots, the program is solved as from none. */
  @Property(tries = 30)
  void aChangedMapIsScoredAsANewOne(
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll @IntRange(min = 0, max = 1000) int seed) {
    SlotLayout layout = new SlotLayout(3, 2, 4);
    LayerProblem problem = problem(layout, 16, layer);
    SplittableRandom random = new SplittableRandom(seed);
    int[] slots = SampleMaps.random(layout, 16, random);
    FlowObjective objective = objective(problem, TRAFFIC_AND_LOAD);
    objective.of(slots);
    int p = random.nextInt(layout.slots());
    int q = random.nextInt(layout.slots());
    int expert = slots[p];
    slots[p] = slots[q];
    slots[q] = expert;
    assertThat(objective.changed(slots, p, q))
        .isCloseTo(objective(problem, TRAFFIC_AND_LOAD).of(slots), within(0.03));
  }

  /**
   * Expert 0 has a copy in both nodes: 6 tokens, beside 1 of expert 1 and 3 of expert 2. Each GPU
   * computes 5, so 4 of the 6 go to the first node and 2 to the second.
   */
  @Test
  void splitsAsByHand() {
    SlotLayout layout = new SlotLayout(2, 1, 2);
    short[] ids = {0, 0, 0, 0, 0, 0, 1, 2, 2, 2};
    LayerTokens tokens = new LayerTokens(3, 1, ids, new byte[10]);
    LayerProblem problem =
        new LayerProblem(layout, tokens, 10, CopyRule.LP, Transport.NODE_DEDUPLICATED);
    int[] slots = {0, 1, 0, 2};
    assertThat(imbalance(problem, slots)).isCloseTo(1, within(0.1));
    // All tokens start on the first node: 2 of the 6 and all 3 of expert 2 leave it.
    assertThat(objective(problem, TRAFFIC).of(slots)).isCloseTo(0.5, within(0.05));
    // Only one GPU has the heavy expert here: 6 and 1 against the mean of 5.
    assertThat(imbalance(problem, new int[] {0, 1, 2, 1})).isCloseTo(1.2, within(0.1));
  }

  private static double imbalance(LayerProblem problem, int[] slots) {
    return 1
        + objective(problem, TRAFFIC_AND_LOAD).of(slots)
        - objective(problem, TRAFFIC).of(slots);
  }

  private static FlowObjective objective(LayerProblem problem, ObjectiveWeights weights) {
    MicroBatchLoads loads =
        MicroBatchLoads.of(
            problem.tokens(),
            problem.layout().nodes(),
            problem.microBatchTokens(),
            BalanceUnit.TOKENS);
    return new FlowObjective(problem, loads, weights);
  }

  private static LayerProblem problem(SlotLayout layout, int experts, int layer) {
    return new LayerProblem(
        layout,
        SampleTokens.folded(layer, experts, Math.min(4, experts), layout.nodes(), TOKENS),
        MICRO_BATCH,
        CopyRule.LP,
        Transport.NODE_DEDUPLICATED);
  }

  /** Mean over micro-batches of the busiest GPU over the mean one, by bisection with flows. */
  private static double plain(LayerProblem problem, int[] slots) {
    LayerTokens tokens = problem.tokens();
    int gpus = problem.layout().gpus();
    boolean[][] holds = new boolean[tokens.experts()][gpus];
    for (int p = 0; p < slots.length; p++) {
      holds[slots[p]][problem.layout().gpuOfSlot(p)] = true;
    }
    int rows = MICRO_BATCH * tokens.topK();
    double sum = 0;
    for (int b = 0; b < TOKENS / MICRO_BATCH; b++) {
      double[] load = new double[tokens.experts()];
      for (int i = b * rows; i < (b + 1) * rows; i++) {
        load[tokens.ids()[i]]++;
      }
      sum += leastLoad(load, holds) * gpus / rows;
    }
    return sum / (TOKENS / MICRO_BATCH);
  }

  private static double leastLoad(double[] load, boolean[][] holds) {
    double low = 0;
    double high = Arrays.stream(load).sum() + 1;
    for (int i = 0; i < 40; i++) {
      double middle = (low + high) / 2;
      if (fits(load, holds, middle)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return high;
  }

  /** Whether all tokens of the node's experts find a GPU if each takes no more than this. */
  private static boolean fits(double[] load, boolean[][] holds, double most) {
    int gpus = holds[0].length;
    double[][] given = new double[load.length][gpus];
    double[] free = new double[gpus];
    Arrays.fill(free, most);
    for (int e = 0; e < load.length; e++) {
      double left = load[e];
      while (left > 1e-9) {
        double pushed = push(e, left, holds, given, free, new boolean[gpus]);
        if (pushed <= 1e-9) {
          return false;
        }
        left -= pushed;
      }
    }
    return true;
  }

  /** An augmenting path: on a full GPU another expert's tokens move on to one of its others. */
  private static double push(
      int expert, double most, boolean[][] holds, double[][] given, double[] free, boolean[] seen) {
    for (int g = 0; g < free.length; g++) {
      if (!holds[expert][g] || seen[g]) {
        continue;
      }
      seen[g] = true;
      double pushed = Math.min(most, free[g]);
      if (pushed > 1e-9) {
        free[g] -= pushed;
        given[expert][g] += pushed;
        return pushed;
      }
      for (int other = 0; other < given.length; other++) {
        double movable = Math.min(most, given[other][g]);
        if (other != expert && movable > 1e-9) {
          double moved = push(other, movable, holds, given, free, seen);
          if (moved > 1e-9) {
            given[other][g] -= moved;
            given[expert][g] += moved;
            return moved;
          }
        }
      }
    }
    return 0;
  }
}
