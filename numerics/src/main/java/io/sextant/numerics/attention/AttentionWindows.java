package io.sextant.numerics.attention;

/**
 * The windows of 2-simplicial attention, both of which include the token itself.
 *
 * @param w1 number of last keys that a token sees
 * @param w2 number of last second keys that a token sees
 */
public record AttentionWindows(int w1, int w2) {
  /** The text in tables: {@code 512x32}. */
  public String text() {
    return w1 + "x" + w2;
  }
}
