package io.sextant.numerics.attention;

/**
 * Sizes of an attention whose heads are {@link #WIDTH} wide.
 *
 * @param tokens number of tokens of the sequence
 * @param keyHeads number of heads of the keys and values
 * @param headsOfKey number of query heads that share a key head
 */
public record AttentionShape(int tokens, int keyHeads, int headsOfKey) {
  /** Number of features per head. */
  public static final int WIDTH = 128;

  /**
   * Number of elements of the queries and of the outputs, [tokens, key heads, heads of a key, 128].
   */
  public long queries() {
    return (long) tokens * keyHeads * headsOfKey * WIDTH;
  }

  /** Number of elements of the keys and of the values, [tokens, key heads, 128]. */
  public long keys() {
    return (long) tokens * keyHeads * WIDTH;
  }
}
