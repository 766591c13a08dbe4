package io.sextant.schema.trace.response;

import java.util.Arrays;

/** The token ids of a prompt while they are read. */
final class TokenIdList {
  /** No model has a longer context; a longer list is not kept. */
  private static final int MOST = 1 << 24;

  private int[] ids = new int[64];
  private int size;

  /**
   * @param id the id; -1 if it is not one
   */
  void add(long id) {
    if (size >= MOST) {
      size = MOST + 1;
      return;
    }
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
    }
    ids[size++] = id > Integer.MAX_VALUE ? -1 : (int) id;
  }

  /** The ids; empty if the list was too long. */
  int[] toArray() {
    return Arrays.copyOf(ids, size > MOST ? 0 : size);
  }
}
