package io.sextant.numerics.attention;

import io.sextant.numerics.dispatch.Timing;

/**
 * Time and rate of one attention kernel.
 *
 * @param operations number of operations as counted by arXiv 2507.02754: 6 w1 w2 per token, query
 *     head and feature; for causal dot-product attention, 2 x tokens
 * @param tensorOperations number of these operations that the tensor cores do: 4 per feature and
 *     pair of a query with a key and a second key that it sees. The rest is the folding of k' and
 *     v'
 */
public record AttentionRate(Timing timing, double operations, double tensorOperations) {

  /**
   * The rate of 2-simplicial attention over the last {@code w1} keys and {@code w2} second keys.
   */
  public static AttentionRate simplicial(Timing timing, AttentionShape shape, int w1, int w2) {
    double pairs = 0;
    for (int token = 0; token < shape.tokens(); token++) {
      pairs += (double) Math.min(token + 1, w1) * Math.min(token + 1, w2);
    }
    double features = features(shape);
    return new AttentionRate(
        timing, operations(shape.tokens(), w1, w2) * features, 4 * pairs * features);
  }

  /** The rate of causal dot-product attention over the whole sequence. */
  public static AttentionRate dotProduct(Timing timing, AttentionShape shape) {
    double features = features(shape);
    double tokens = shape.tokens();
    return new AttentionRate(
        timing, 2 * tokens * tokens * features, 2 * tokens * (tokens + 1) * features);
  }

  /** Number of features of all query heads. */
  private static double features(AttentionShape shape) {
    return (double) shape.keyHeads() * shape.headsOfKey() * AttentionShape.WIDTH;
  }

  /** Trillions of {@link #operations} per second. */
  public double teraPerSecond() {
    return operations / timing.median() * 1e-6;
  }

  /** Trillions of {@link #tensorOperations} per second. */
  public double tensorTeraPerSecond() {
    return tensorOperations / timing.median() * 1e-6;
  }

  /** Operations per query head and feature, as the paper counts them. */
  static double operations(int tokens, int w1, int w2) {
    return 6.0 * tokens * w1 * w2;
  }

  /**
   * The number of tokens at which causal dot-product attention has as many operations as
   * 2-simplicial attention with these windows: 3 w1 w2.
   */
  public static int equalContext(int w1, int w2) {
    return 3 * w1 * w2;
  }

  /**
   * The context above which dot-product attention takes longer, extrapolated from its rate at a
   * context of about that size. The time per token is constant for 2-simplicial attention and grows
   * with the context for dot-product attention.
   *
   * @param simplicial rate at any context that is much longer than its windows
   * @param tokens number of tokens of that run
   * @param dotProduct rate at {@code dotTokens}
   */
  public static double crossover(
      AttentionRate simplicial, int tokens, AttentionRate dotProduct, int dotTokens) {
    double microsOfToken = simplicial.timing().median() / tokens;
    double microsOfTokenAndContext =
        dotProduct.timing().median() / ((double) dotTokens * dotTokens);
    return microsOfToken / microsOfTokenAndContext;
  }
}
