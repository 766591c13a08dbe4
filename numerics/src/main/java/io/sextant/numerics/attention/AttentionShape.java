package io.sextant.numerics.attention;

/**
 * Sizes of an attention whose heads are {@link #WIDTH} wide.
 *
 * @param tokens tokens of the sequence
 * @param keyHeads heads that keys and values are kept for
 * @param headsOfKey query heads that share one of them
 */
public record AttentionShape(int tokens, int keyHeads, int headsOfKey) {
  /** Features of a head. */
  public static final int WIDTH = 128;

  /** Elements of the queries and of the outputs, [tokens, key heads, heads of a key, 128]. */
  public long queries() {
    return (long) tokens * keyHeads * headsOfKey * WIDTH;
  }

  /** Elements of keys, and of values, [tokens, key heads, 128]. */
  public long keys() {
    return (long) tokens * keyHeads * WIDTH;
  }
}
