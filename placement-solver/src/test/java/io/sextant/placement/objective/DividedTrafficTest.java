package io.sextant.placement.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.copies.CopyTable;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.Transport;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class DividedTrafficTest {
  private static final int TOKENS = 300;

  @Property(tries = 30)
  void expectsWhatAllChoicesOfCopiesGive(
      @ForAll @IntRange(min = 1, max = 4) int nodes,
      @ForAll @IntRange(min = 0, max = 5) int layer,
      @ForAll @IntRange(min = 0, max = 1000) int seed) {
    SlotLayout layout = new SlotLayout(nodes, 2, 3);
    int experts = nodes * 4;
    LayerTokens tokens = SampleTokens.folded(layer, experts, 3, nodes, TOKENS);
    SplittableRandom random = new SplittableRandom(seed);
    int[] slots = SampleMaps.random(layout, experts, random);
    double[][] rows = new double[2][slots.length];
    for (double[] ofBatch : rows) {
      for (int p = 0; p < slots.length; p++) {
        ofBatch[p] = random.nextInt(1, 10);
      }
    }
    DividedTraffic traffic =
        new DividedTraffic(
            new LayerProblem(layout, tokens, TOKENS, CopyRule.LP, Transport.NODE_DEDUPLICATED));
    traffic.split(CopyTable.of(slots, experts), rows);

    double[] received = new double[nodes];
    for (int t = 0; t < TOKENS; t++) {
      addChoices(received, layout, slots, rows, tokens, t, 0, 0, 1);
    }
    double sum = 0;
    double most = 0;
    for (double r : received) {
      sum += r;
      most = Math.max(most, r);
    }
    assertThat(traffic.remoteNodesPerToken()).isCloseTo(sum / TOKENS, within(1e-9));
    assertThat(traffic.maxOverMeanReceive())
        .isCloseTo(sum == 0 ? 1 : most * nodes / sum, within(1e-9));
  }

  /** Tries every copy of each of a token's experts in turn. */
  private static void addChoices(
      double[] received,
      SlotLayout layout,
      int[] slots,
      double[][] rows,
      LayerTokens tokens,
      int token,
      int k,
      int reached,
      double chance) {
    if (k == tokens.topK()) {
      for (int n = 0; n < received.length; n++) {
        received[n] += (reached >> n & 1) == 1 && n != tokens.sourceNode()[token] ? chance : 0;
      }
      return;
    }
    int expert = tokens.ids()[token * tokens.topK() + k];
    double all = 0;
    for (int p = 0; p < slots.length; p++) {
      all += slots[p] == expert ? rows[0][p] + rows[1][p] : 0;
    }
    for (int p = 0; p < slots.length; p++) {
      if (slots[p] == expert) {
        int with = reached | 1 << layout.nodeOfSlot(p);
        double share = (rows[0][p] + rows[1][p]) / all;
        addChoices(received, layout, slots, rows, tokens, token, k + 1, with, chance * share);
      }
    }
  }
}
