package io.sextant.placement.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.problem.BalanceUnit;
import io.sextant.placement.problem.LayerTokens;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MicroBatchLoadsTest {

  /** The copies of an expert together have the tokens that hold it. */
  @Property(tries = 60)
  void copiesShareTheTokensOfTheirExpert(
      @ForAll @IntRange(min = 1, max = 6) int nodes,
      @ForAll @IntRange(min = 2, max = 30) int experts,
      @ForAll @IntRange(min = 1, max = 500) int microBatch,
      @ForAll Random random) {
    LayerTokens tokens = SampleTokens.folded(3, experts, Math.min(4, experts), nodes, 400);
    MicroBatchLoads loads = MicroBatchLoads.of(tokens, nodes, microBatch, BalanceUnit.TOKENS);
    int perBatch = Math.min(microBatch, 400);
    assertThat(loads.batches()).isEqualTo(400 / perBatch);
    int[] copiesOn = new int[nodes];
    copiesOn[random.nextInt(nodes)] = 1;
    for (int n = 0; n < nodes; n++) {
      copiesOn[n] += random.nextInt(3);
    }
    int expert = random.nextInt(experts);
    float[] sum = new float[loads.batches()];
    for (int n = 0; n < nodes; n++) {
      for (int copy = 0; copy < copiesOn[n]; copy++) {
        loads.addCopyLoad(expert, n, copiesOn, sum);
      }
    }
    float[] scale = loads.scale(7);
    for (int b = 0; b < loads.batches(); b++) {
      int held = 0;
      for (int t = b * perBatch; t < (b + 1) * perBatch; t++) {
        for (int i = 0; i < tokens.topK(); i++) {
          held += tokens.ids()[t * tokens.topK() + i] == expert ? 1 : 0;
        }
      }
      assertThat((double) sum[b]).isCloseTo(held, within(1e-3));
      assertThat(scale[b]).isEqualTo(7f / (perBatch * tokens.topK()));
    }
  }

  /** Two steps of two tokens: expert 0 in each step, expert 1 in the first alone. */
  @Test
  void anActivatedExpertCountsOnceInAStep() {
    LayerTokens tokens = new LayerTokens(3, 1, new short[] {0, 1, 0, 0}, new byte[4]);
    MicroBatchLoads loads = MicroBatchLoads.of(tokens, 1, 2, BalanceUnit.ACTIVATED_EXPERTS);
    assertThat(loads.most()).isEqualTo(1);
    assertThat(loads.scale(2)).containsExactly(1, 2);
    float[] load = new float[2];
    loads.addCopyLoad(0, 0, new int[] {1}, load);
    assertThat(load).containsExactly(1, 1);
    loads.addCopyLoad(1, 0, new int[] {1}, load);
    assertThat(load).containsExactly(2, 1);
  }

  /** Of 1,000 steps, 256 are taken, evenly spaced; all micro-batches of tokens are. */
  @Test
  void takesSomeOfManyDecodeSteps() {
    short[] ids = new short[1_000];
    for (int t = 0; t < ids.length; t++) {
      ids[t] = (short) t;
    }
    LayerTokens tokens = new LayerTokens(1_000, 1, ids, new byte[1_000]);
    MicroBatchLoads steps = MicroBatchLoads.of(tokens, 1, 1, BalanceUnit.ACTIVATED_EXPERTS);
    assertThat(steps.batches()).isEqualTo(256);
    for (int b = 0; b < 256; b++) {
      assertThat(steps.counts()[b][b * 1_000 / 256]).isEqualTo(1);
    }
    assertThat(MicroBatchLoads.of(tokens, 1, 1, BalanceUnit.TOKENS).batches()).isEqualTo(1_000);
  }
}
