package io.sextant.placement.search;

import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.ReplicaChoice;

/**
 * The positions of each expert in the tokens' lists of experts.
 *
 * @param start shape [experts + 1]: expert e has the entries {@code start[e]..start[e + 1])}
 * @param positions shape [tokens x topK]: an index into the tokens' ids, by expert
 * @param hash shape [tokens x topK], in the order of the ids: the lowest 16 bits of the hash that
 *     picks a copy
 */
record ExpertPositions(int[] start, int[] positions, char[] hash) {

  static ExpertPositions of(LayerTokens layer) {
    int experts = layer.experts();
    int k = layer.topK();
    short[] ids = layer.ids();
    int[] start = new int[experts + 1];
    for (short e : ids) {
      start[e + 1]++;
    }
    for (int e = 0; e < experts; e++) {
      start[e + 1] += start[e];
    }
    int[] positions = new int[ids.length];
    char[] hash = new char[ids.length];
    int[] next = start.clone();
    for (int i = 0; i < ids.length; i++) {
      positions[next[ids[i]]++] = i;
      hash[i] = (char) (ReplicaChoice.hash(i / k, ids[i]) & 0xFFFF);
    }
    return new ExpertPositions(start, positions, hash);
  }

  /**
   * The remote node that serves a token, or -1 if its own node does.
   *
   * @param mask the nodes that hold the expert, as bits
   * @param source the node that the token starts on
   */
  static int server(long mask, int source, char hash) {
    if (mask == 0 || (mask >>> source & 1) != 0) {
      return -1;
    }
    long left = mask;
    for (int skip = hash % Long.bitCount(mask); skip > 0; skip--) {
      left &= left - 1;
    }
    return Long.numberOfTrailingZeros(left);
  }
}
