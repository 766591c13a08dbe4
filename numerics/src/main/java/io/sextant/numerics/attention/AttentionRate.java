package io.sextant.numerics.attention;

import io.sextant.numerics.dispatch.Timing;

/**
 * Time and rate of one attention.
 *
 * @param operations as arXiv 2507.02754 counts them: 6 w1 w2 per token, query head and feature,
 *     against 2 tokens of causal dot-product attention
 * @param tensorOperations operations of the tensor cores among them: 4 per feature and pair of a
 *     query with a key and a second key that it sees; the folding of k' and v' is the rest
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

  /** Features of all query heads. */
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

  /** Tokens at which causal dot-product attention has as many operations as windows: 3 w1 w2. */
  public static int equalContext(int w1, int w2) {
    return 3 * w1 * w2;
  }

  /**
   * The context from which on dot-product attention takes longer, from its rate at a context of
   * about that size: 2-simplicial attention takes the same time for every token, the other one a
   * time that grows with the context.
   *
   * @param simplicial rate at any context that is long against its windows
   * @param tokens tokens of that run
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
