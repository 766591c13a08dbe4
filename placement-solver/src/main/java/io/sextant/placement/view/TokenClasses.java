package io.sextant.placement.view;

import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;

/**
 * The class of each token under a rule with views. The tokens of a class use the same copy of every
 * expert: copy number {@code class % copies}, in slot order.
 */
public final class TokenClasses {
  /**
   * The number of classes: the least common multiple of the numbers of copies that an expert may
   * have in a plan, 1 to {@link #MOST_COPIES}.
   */
  public static final int COUNT = 12;

  /** The most copies that an expert has in a plan for a rule with views. */
  public static final int MOST_COPIES = 4;

  /** 2^32 over the golden ratio: the multiplier of vLLM's hash (Knuth's multiplicative hashing). */
  private static final long GOLDEN = 2654435769L;

  private TokenClasses() {}

  /**
   * @return shape [tokens]: the class of each token, 0 to {@link #COUNT} - 1
   * @throws IllegalArgumentException if the rule has no views
   */
  public static byte[] of(LayerProblem problem) {
    return switch (problem.rule()) {
      case TOKEN_HASH -> byIndex(problem);
      case RANK -> byRank(problem);
      default -> throw new IllegalArgumentException(problem.rule() + " has no views");
    };
  }

  /** By the token's index in its rank's part of the micro-batch. */
  private static byte[] byIndex(LayerProblem problem) {
    LayerTokens tokens = problem.tokens();
    SlotLayout layout = problem.layout();
    int[] next = new int[layout.gpus()];
    byte[] classes = new byte[tokens.tokens()];
    for (int t = 0; t < classes.length; t++) {
      if (t % problem.microBatchTokens() == 0) {
        Arrays.fill(next, 0);
      }
      long hash = next[tokens.sourceGpu(t, layout.gpusPerNode())]++ * GOLDEN & 0xFFFFFFFFL;
      classes[t] = (byte) (hash % COUNT);
    }
    return classes;
  }

  private static byte[] byRank(LayerProblem problem) {
    LayerTokens tokens = problem.tokens();
    byte[] classes = new byte[tokens.tokens()];
    for (int t = 0; t < classes.length; t++) {
      classes[t] = (byte) (tokens.sourceGpu(t, problem.layout().gpusPerNode()) % COUNT);
    }
    return classes;
  }
}
