package io.sextant.placement.view;

import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;

/**
 * The number by which each token chooses under a rule with views: it uses copy {@code number %
 * copies} of every expert, in slot order. Tokens whose numbers have the same remainders are a
 * class: all of them see the same copy of every expert.
 */
public final class TokenClasses {
  /** 2^32 over the golden ratio: the multiplier of vLLM's hash (Knuth's multiplicative hashing). */
  private static final int GOLDEN = (int) 2654435769L;

  private TokenClasses() {}

  /**
   * @return shape [tokens]: the number of each token, an unsigned int
   * @throws IllegalArgumentException if the rule has no views
   */
  public static int[] of(LayerProblem problem) {
    return switch (problem.rule()) {
      case TOKEN_HASH -> byIndex(problem);
      case RANK -> byRank(problem);
      default -> throw new IllegalArgumentException(problem.rule() + " has no views");
    };
  }

  /** By the token's index in its rank's part of the micro-batch. */
  private static int[] byIndex(LayerProblem problem) {
    LayerTokens tokens = problem.tokens();
    SlotLayout layout = problem.layout();
    int[] next = new int[layout.gpus()];
    int[] numbers = new int[tokens.tokens()];
    for (int t = 0; t < numbers.length; t++) {
      if (t % problem.microBatchTokens() == 0) {
        Arrays.fill(next, 0);
      }
      numbers[t] = next[tokens.sourceGpu(t, layout.gpusPerNode())]++ * GOLDEN;
    }
    return numbers;
  }

  private static int[] byRank(LayerProblem problem) {
    LayerTokens tokens = problem.tokens();
    int[] numbers = new int[tokens.tokens()];
    for (int t = 0; t < numbers.length; t++) {
      numbers[t] = tokens.sourceGpu(t, problem.layout().gpusPerNode());
    }
    return numbers;
  }
}
