package io.sextant.placement.grouping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sextant.schema.router.TokenCosts;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.Transport;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CostsByKeyTest {
  private static final int EXPERTS = 16;
  private static final int TOP_K = 4;
  private static final int NODES = 4;
  private static final int KEYS = 7;

  /** Requests with experts that depend on the key of each row, as those of a token do. */
  private record Sample(LayerRequests layer, int[] keyOfRow) {
    static Sample random(int requests, Random random) {
      int[] start = new int[requests + 1];
      int[] prefill = new int[requests];
      for (int r = 0; r < requests; r++) {
        prefill[r] = 1 + random.nextInt(6);
        start[r + 1] = start[r] + prefill[r] + random.nextInt(3);
      }
      short[] ids = new short[start[requests] * TOP_K];
      int[] keyOfRow = new int[Arrays.stream(prefill).sum()];
      int prompt = 0;
      for (int r = 0; r < requests; r++) {
        for (int row = start[r]; row < start[r + 1]; row++) {
          int key = random.nextInt(KEYS + 1) - 1;
          for (int k = 0; k < TOP_K; k++) {
            ids[row * TOP_K + k] = (short) ((key + 1 + k * (1 + random.nextInt(3))) % EXPERTS);
          }
          if (row - start[r] < prefill[r]) {
            keyOfRow[prompt++] = key;
          }
        }
      }
      return new Sample(
          new LayerRequests(EXPERTS, TOP_K, start, prefill, ids, new byte[requests]), keyOfRow);
    }

    /** The sample without a request, as if it had never been seen. */
    Sample without(int request) {
      int[] start = layer.start();
      int count = layer.requests();
      int rows = start[request + 1] - start[request];
      int[] newStart = new int[count];
      int[] prefill = new int[count - 1];
      int firstPrompt = Arrays.stream(layer.prefill(), 0, request).sum();
      for (int r = 0, to = 0; r < count; r++) {
        if (r != request) {
          newStart[to] = start[r] - (r > request ? rows : 0);
          prefill[to++] = layer.prefill()[r];
        }
      }
      newStart[count - 1] = start[count] - rows;
      return new Sample(
          new LayerRequests(
              EXPERTS,
              TOP_K,
              newStart,
              prefill,
              cut(layer.ids(), start[request] * TOP_K, start[request + 1] * TOP_K),
              new byte[count - 1]),
          cut(keyOfRow, firstPrompt, firstPrompt + layer.prefill()[request]));
    }

    private static short[] cut(short[] from, int begin, int end) {
      short[] left = Arrays.copyOf(from, from.length - (end - begin));
      System.arraycopy(from, end, left, begin, from.length - end);
      return left;
    }

    private static int[] cut(int[] from, int begin, int end) {
      int[] left = Arrays.copyOf(from, from.length - (end - begin));
      System.arraycopy(from, end, left, begin, from.length - end);
      return left;
    }
  }

  private static RouteCost cost(Random random) {
    int[] nodesOf = new int[EXPERTS];
    for (int e = 0; e < EXPERTS; e++) {
      nodesOf[e] = 1 << random.nextInt(NODES) | (e % 3 == 0 ? 1 << random.nextInt(NODES) : 0);
    }
    return new RouteCost(NODES, nodesOf, CopyRule.IDEAL, Transport.NODE_DEDUPLICATED);
  }

  @Property(tries = 50)
  void leavingOutEqualsLearningWithoutTheRequest(
      @ForAll @IntRange(min = 2, max = 30) int requests, @ForAll Random random) {
    Sample sample = Sample.random(requests, random);
    RouteCost costs = cost(random);
    long[] leftOut = new long[requests * NODES];
    sample.layer().addLearnedCosts(costs, NODES, sample.keyOfRow(), KEYS, leftOut);
    int firstPrompt = 0;
    for (int r = 0; r < requests; r++) {
      Sample others = sample.without(r);
      CostsByKey learned = CostsByKey.of(others.layer(), costs, others.keyOfRow(), KEYS, NODES);
      double[] mean = learned.mean();
      double[] expected = new double[NODES];
      int prefill = sample.layer().prefill()[r];
      double[] row = new double[NODES];
      for (int i = 0; i < prefill; i++) {
        int key = sample.keyOfRow()[firstPrompt + i];
        if (key < 0) {
          System.arraycopy(mean, 0, row, 0, NODES);
        } else {
          learned.cost(key, mean, 1, row);
        }
        for (int n = 0; n < NODES; n++) {
          expected[n] += row[n] / prefill;
        }
      }
      for (int n = 0; n < NODES; n++) {
        assertThat(leftOut[r * NODES + n] * LayerRequests.COST_UNIT)
            .isCloseTo(expected[n], within(LayerRequests.COST_UNIT));
      }
      firstPrompt += prefill;
    }
  }

  @Property(tries = 20)
  void layersAndRequestsAddUp(@ForAll Random random) {
    Sample sample = Sample.random(20, random);
    RouteCost costs = cost(random);
    CostsByKey learned = CostsByKey.of(sample.layer(), costs, sample.keyOfRow(), KEYS, NODES);
    CostsByKey twice = learned.plus(learned);
    double[] one = new double[NODES];
    double[] two = new double[NODES];
    for (int key = 0; key < KEYS; key++) {
      learned.cost(key, learned.mean(), 1, one);
      twice.cost(key, twice.mean(), 2, two);
      assertThat(two).containsExactly(one, within(1e-12));
    }
  }

  @Test
  void promptsCostTheMeanOfTheirTokens() {
    TokenCosts table =
        new TokenCosts("m", new float[] {1, 2}, new float[] {0, 4, 3, 1}); // ids 0 and 1
    RequestCost costs = new PromptTokenCost(table);
    assertThat(cost(costs, 0, 1, 1)).containsExactly(2, 2);
    assertThat(cost(costs, 0, 7, -1)).containsExactly(2 / 3.0, 8 / 3.0);
    assertThat(cost(costs)).containsExactly(1, 2);
  }

  private static double[] cost(RequestCost costs, int... ids) {
    double[] cost = new double[2];
    costs.of(new RouterRequest("", ids, ids.length, null, 0), cost);
    return cost;
  }
}
