package io.sextant.numerics.attention;

/**
 * 2-simplicial attention at one context, beside the dot-product attention that has as many
 * operations.
 *
 * @param context tokens of the sequence of {@code simplicial}
 * @param equalContext tokens of the sequence of {@code dotProduct}
 */
public record AttentionComparison(
    AttentionWindows windows,
    int context,
    AttentionRate simplicial,
    int equalContext,
    AttentionRate dotProduct) {

  /** Tokens of the context from which on dot-product attention takes longer. */
  public double crossover() {
    return AttentionRate.crossover(simplicial, context, dotProduct, equalContext);
  }
}
