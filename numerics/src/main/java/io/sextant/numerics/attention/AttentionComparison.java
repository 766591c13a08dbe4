package io.sextant.numerics.attention;

/**
 * 2-simplicial attention at one context, compared with dot-product attention that has the same
 * number of operations.
 *
 * @param context number of tokens in the sequence of {@code simplicial}
 * @param equalContext number of tokens in the sequence of {@code dotProduct}
 */
public record AttentionComparison(
    AttentionWindows windows,
    int context,
    AttentionRate simplicial,
    int equalContext,
    AttentionRate dotProduct) {

  /** The number of context tokens above which dot-product attention takes longer. */
  public double crossover() {
    return AttentionRate.crossover(simplicial, context, dotProduct, equalContext);
  }
}
