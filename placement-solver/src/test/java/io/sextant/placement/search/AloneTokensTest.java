package io.sextant.placement.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class AloneTokensTest {
  private static final int EXPERTS = 3;

  /** q(n|s) summed over sources, as the class comment of CopyPartition has it. */
  @Property(tries = 100)
  void expectationIsTheShareOfEverySource(
      @ForAll @IntRange(min = 1, max = 6) int nodes, @ForAll Random random) {
    int[] price = new int[nodes * nodes];
    for (int i = 0; i < price.length; i++) {
      price[i] = 1 + random.nextInt(4);
    }
    AloneTokens alone = new AloneTokens(EXPERTS, nodes, price);
    int[][][] units = new int[EXPERTS][nodes][nodes];
    for (int i = 0; i < 200; i++) {
      int e = random.nextInt(EXPERTS);
      int n = random.nextInt(nodes);
      int s = random.nextInt(nodes);
      if (n == s) {
        continue;
      }
      int sign = units[e][n][s] > 0 && random.nextInt(3) == 0 ? -1 : 1;
      alone.add(e, n, s, sign);
      units[e][n][s] += sign * price[s * nodes + n];
    }
    for (int e = 0; e < EXPERTS; e++) {
      for (long set = 0; set < 1L << nodes; set++) {
        double[] expected = new double[nodes];
        double[] change = new double[nodes];
        for (int n = 0; n < nodes; n++) {
          for (int s = 0; s < nodes; s++) {
            boolean served = (set >> n & 1) != 0 && (set >> s & 1) == 0;
            expected[n] += served ? units[e][n][s] / (double) Long.bitCount(set) : 0;
          }
        }
        alone.addExpected(e, set, 1, change);
        assertThat(change).containsExactly(expected, within(1e-9));
        alone.addExpected(e, set, -1, change);
        assertThat(change).containsExactly(new double[nodes], within(1e-9));
      }
    }
  }
}
