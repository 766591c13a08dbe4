package io.sextant.placement.problem;

import java.util.Arrays;

/**
 * An inverted index of a layer's tokens: the tokens that hold an expert, and those that hold a pair
 * of experts. Moving one expert touches only its own tokens; the tokens of a pair correct the sum
 * of two such changes to the exact effect of both.
 */
public final class TokenIndex {
  private final int experts;
  private final int[] start;
  private final int[] tokens;
  private final int[] pairStart;
  private final int[] pairTokens;

  public TokenIndex(LayerTokens layer) {
    experts = layer.experts();
    int k = layer.topK();
    short[] ids = layer.ids();
    int n = layer.tokens();
    start = new int[experts + 1];
    pairStart = new int[experts * experts + 1];
    for (int t = 0; t < n; t++) {
      for (int i = t * k; i < (t + 1) * k; i++) {
        start[ids[i] + 1]++;
        for (int j = t * k; j < i; j++) {
          pairStart[pair(ids[i], ids[j]) + 1]++;
        }
      }
    }
    accumulate(start);
    accumulate(pairStart);
    tokens = new int[start[experts]];
    pairTokens = new int[pairStart[experts * experts]];
    int[] next = start.clone();
    int[] pairNext = pairStart.clone();
    for (int t = 0; t < n; t++) {
      for (int i = t * k; i < (t + 1) * k; i++) {
        tokens[next[ids[i]]++] = t;
        for (int j = t * k; j < i; j++) {
          pairTokens[pairNext[pair(ids[i], ids[j])]++] = t;
        }
      }
    }
  }

  private TokenIndex(TokenIndex other, int experts) {
    this.experts = experts;
    this.tokens = other.tokens;
    this.pairTokens = other.pairTokens;
    this.start = Arrays.copyOf(other.start, experts + 1);
    Arrays.fill(start, other.experts + 1, start.length, tokens.length);
    this.pairStart = new int[experts * experts + 1];
    for (int e = 0; e < other.experts; e++) {
      int row = e * experts;
      System.arraycopy(other.pairStart, e * other.experts, pairStart, row, other.experts);
      Arrays.fill(
          pairStart, row + other.experts, row + experts, other.pairStart[(e + 1) * other.experts]);
    }
    Arrays.fill(
        pairStart, other.experts * experts, pairStart.length, other.pairStart[other.pairs()]);
  }

  private int pairs() {
    return experts * experts;
  }

  /**
   * The index of the same tokens with further experts, which have none. It shares the lists of
   * tokens.
   *
   * @param experts number of experts, not fewer than this index has
   */
  public TokenIndex withExperts(int experts) {
    return experts == this.experts ? this : new TokenIndex(this, experts);
  }

  private static void accumulate(int[] counts) {
    for (int i = 1; i < counts.length; i++) {
      counts[i] += counts[i - 1];
    }
  }

  /** The row of an unordered pair. */
  private int pair(int a, int b) {
    return a < b ? a * experts + b : b * experts + a;
  }

  /** All tokens, grouped by expert: those of e are {@code [from(e), to(e))}, ascending. */
  public int[] tokens() {
    return tokens;
  }

  public int from(int expert) {
    return start[expert];
  }

  public int to(int expert) {
    return start[expert + 1];
  }

  /** All pair tokens: those that hold both a and b are {@code [pairFrom(a, b), pairTo(a, b))}. */
  public int[] pairTokens() {
    return pairTokens;
  }

  public int pairFrom(int a, int b) {
    return pairStart[pair(a, b)];
  }

  public int pairTo(int a, int b) {
    return pairStart[pair(a, b) + 1];
  }
}
