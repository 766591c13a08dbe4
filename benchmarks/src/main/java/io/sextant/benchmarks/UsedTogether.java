package io.sextant.benchmarks;

import io.sextant.placement.problem.TokenIndex;
import java.util.Random;
import java.util.stream.IntStream;

/** For each expert the others, by how many tokens use the two together. */
final class UsedTogether {
  private final int[][] byTokens;

  UsedTogether(TokenIndex index, int experts) {
    this.byTokens = new int[experts][];
    for (int e = 0; e < experts; e++) {
      int expert = e;
      byTokens[e] =
          IntStream.range(0, experts)
              .filter(other -> other != expert)
              .boxed()
              .sorted((a, b) -> Integer.compare(tokens(index, expert, b), tokens(index, expert, a)))
              .mapToInt(Integer::intValue)
              .toArray();
    }
  }

  private static int tokens(TokenIndex index, int a, int b) {
    return index.pairTo(a, b) - index.pairFrom(a, b);
  }

  /** Another expert: the nearest with probability 1/8, the next with 1/8 of the rest, and so on. */
  int near(int expert, Random random) {
    int[] others = byTokens[expert];
    if (others.length == 0) {
      return expert;
    }
    int rank = 0;
    while (rank < others.length - 1 && random.nextInt(8) != 0) {
      rank++;
    }
    return others[rank];
  }
}
