package io.sextant.placement.evaluate;

import java.util.Arrays;

/** The rows of a batch that cannot be counted before all of them are known. */
final class HeldBatch {
  private short[] ids = new short[1 << 10];
  private int idCount;
  private int[] runRows = new int[16];
  private int[] runSource = new int[16];
  private int runs;

  void add(short[] from, int start, int rows, int topK, int sourceGpu) {
    int more = rows * topK;
    if (idCount + more > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(2 * ids.length, idCount + more));
    }
    System.arraycopy(from, start, ids, idCount, more);
    idCount += more;
    if (runs == runRows.length) {
      runRows = Arrays.copyOf(runRows, 2 * runs);
      runSource = Arrays.copyOf(runSource, 2 * runs);
    }
    runRows[runs] = rows;
    runSource[runs] = sourceGpu;
    runs++;
  }

  /** Shape [at least {@link #idCount}]. */
  short[] ids() {
    return ids;
  }

  int idCount() {
    return idCount;
  }

  /** Consecutive rows that start from the same GPU. */
  int runs() {
    return runs;
  }

  int rows(int run) {
    return runRows[run];
  }

  int sourceGpu(int run) {
    return runSource[run];
  }

  void clear() {
    idCount = 0;
    runs = 0;
  }
}
