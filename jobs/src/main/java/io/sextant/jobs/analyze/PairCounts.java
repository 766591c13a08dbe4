package io.sextant.jobs.analyze;

import java.io.Serializable;

/** Tokens that chose both of two experts, for every pair of a layer. */
final class PairCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Pair (a, b) with a below b is at b (b - 1) / 2 + a. */
  private final long[] counts;

  PairCounts(int experts) {
    counts = new long[experts * (experts - 1) / 2];
  }

  /**
   * Adds tokens.
   *
   * @param experts ids, topK a token, token after token; those of one token differ
   * @param from index of the first id
   * @param to index behind the last id
   */
  void add(short[] experts, int from, int to, int topK) {
    for (int token = from; token < to; token += topK) {
      int end = token + topK;
      for (int i = token + 1; i < end; i++) {
        int x = experts[i];
        for (int j = token; j < i; j++) {
          int y = experts[j];
          int b = Math.max(x, y);
          counts[((b * (b - 1)) >> 1) + Math.min(x, y)]++;
        }
      }
    }
  }

  PairCounts add(PairCounts other) {
    for (int pair = 0; pair < counts.length; pair++) {
      counts[pair] += other.counts[pair];
    }
    return this;
  }

  /**
   * @param a the lower expert
   * @param b the higher expert
   */
  long count(int a, int b) {
    return counts[b * (b - 1) / 2 + a];
  }
}
