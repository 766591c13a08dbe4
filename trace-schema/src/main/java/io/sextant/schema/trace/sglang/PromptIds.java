package io.sextant.schema.trace.sglang;

import java.util.Arrays;

/**
 * The token ids of one request's prompt rows, pass after pass. If a prefix came from the cache, its
 * rows did not run and have no ids.
 */
final class PromptIds {
  private static final int[] UNKNOWN = {};

  private int[] ids = UNKNOWN;
  private int count;
  private boolean lost;

  /**
   * Adds a row.
   *
   * @param inputIds token ids of the pass, shape [tokens]; null if the dump does not have them
   */
  void add(int[] inputIds, int token) {
    if (inputIds == null) {
      lost = true;
      return;
    }
    if (count == ids.length) {
      ids = Arrays.copyOf(ids, Math.max(16, 2 * count));
    }
    ids[count++] = inputIds[token];
  }

  /** Memory in bytes that a row takes. */
  static long bytesPerRow() {
    return 2L * Integer.BYTES;
  }

  /**
   * The ids of all rows; empty if any is not known. An engine that gets embeddings instead of token
   * ids records zeros.
   */
  int[] toArray() {
    int[] known = lost ? UNKNOWN : Arrays.copyOf(ids, count);
    return Arrays.stream(known).allMatch(id -> id == 0) ? UNKNOWN : known;
  }
}
