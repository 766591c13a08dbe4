package io.sextant.placement.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.placement.SampleTokens;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class HungarianAssignmentTest {

  @Property(tries = 300)
  void isAsCheapAsTheBestOfAllPermutations(
      @ForAll @IntRange(min = 1, max = 7) int n,
      @ForAll @IntRange(min = 1, max = 40) int spread,
      @ForAll Random random) {
    long[][] cost = new long[n][n];
    for (long[] row : cost) {
      Arrays.setAll(row, c -> random.nextInt(spread) - spread / 3);
    }
    assertCheapest(cost);
  }

  /** What Relabelling asks: the tokens of real experts as prices. */
  @Test
  void onTheLoadsOfRealExperts() {
    double[] load = SampleTokens.load(SampleTokens.layer(0, 4, 4));
    long[][] cost = new long[8][8];
    for (int r = 0; r < 8; r++) {
      for (int c = 0; c < 8; c++) {
        cost[r][c] = (long) load[r * 8 + c];
      }
    }
    assertCheapest(cost);
  }

  @Test
  void ofTwoEqualOnesTheFirst() {
    assertThat(HungarianAssignment.solve(new long[3][3])).containsExactly(0, 1, 2);
    assertThat(HungarianAssignment.solve(new long[0][0])).isEmpty();
  }

  private static void assertCheapest(long[][] cost) {
    int[] columns = HungarianAssignment.solve(cost);
    int n = cost.length;
    assertThat(IntStream.of(columns).sorted().toArray()).isEqualTo(IntStream.range(0, n).toArray());
    long sum = IntStream.range(0, n).mapToLong(r -> cost[r][columns[r]]).sum();
    assertThat(sum).isEqualTo(cheapest(cost, 0, 0));
  }

  private static long cheapest(long[][] cost, int row, int used) {
    if (row == cost.length) {
      return 0;
    }
    long best = Long.MAX_VALUE;
    for (int c = 0; c < cost.length; c++) {
      if (((used >> c) & 1) == 0) {
        best = Math.min(best, cost[row][c] + cheapest(cost, row + 1, used | (1 << c)));
      }
    }
    return best;
  }
}
