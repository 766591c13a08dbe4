package io.sextant.placement.copies;

import java.util.Arrays;

/**
 * vLLM's choice: copy number ((i x 2654435769) mod 2^32) mod copies, i the row's index in the batch
 * of its GPU. All experts of a row share the hash.
 */
final class TokenHashChooser implements CopyChooser {
  /** Knuth's multiplicative hash: 2^32 divided by the golden ratio. */
  private static final int MULTIPLIER = (int) 2654435769L;

  /** Views beyond these would not stay in the cache. */
  private static final int MOST_VIEWS = 64;

  private final CopyTable copies;

  /** Null if there are too many. */
  private final CopyViews views;

  private final int[] indexOfGpu;

  TokenHashChooser(CopyTable copies, int gpus) {
    this.copies = copies;
    long period = CopyViews.period(copies);
    this.views = period <= MOST_VIEWS ? CopyViews.byNumber(copies, (int) period) : null;
    this.indexOfGpu = new int[gpus];
  }

  @Override
  public void choose(short[] ids, int from, int rows, int topK, int sourceGpu, int[] into) {
    int i = 0;
    for (int r = 0; r < rows; r++) {
      int hash = indexOfGpu[sourceGpu]++ * MULTIPLIER;
      int end = i + topK;
      if (views != null) {
        int[] slot = views.slot();
        int base = Integer.remainderUnsigned(hash, views.classes()) * views.experts();
        for (; i < end; i++) {
          into[i] = slot[base + ids[from + i]];
        }
      } else {
        for (; i < end; i++) {
          int expert = ids[from + i];
          int number = Integer.remainderUnsigned(hash, copies.copies(expert));
          into[i] = copies.slot()[copies.start()[expert] + number];
        }
      }
    }
  }

  @Override
  public void endBatch() {
    Arrays.fill(indexOfGpu, 0);
  }
}
