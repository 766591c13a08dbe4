package io.sextant.placement.problem;

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
