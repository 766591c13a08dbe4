package io.sextant.schema.trace.sglang;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.HeapShare;
import java.util.List;

/**
 * Counts the positions at which requests continue in later passes. A request whose next position is
 * not among them has ended. Without this, the prompts of a prefill server would all stay in memory,
 * because they never decode and nothing else shows that they have ended.
 */
final class FutureStarts {
  private final int[] countByPosition;

  FutureStarts(List<SglangPass> passes, int verifyRows, HeapShare share)
      throws CorruptTraceException {
    int last = 0;
    for (SglangPass pass : passes) {
      for (int position : pass.positions()) {
        last = Math.max(last, position);
      }
    }
    share.take(Integer.BYTES * (last + 1L));
    this.countByPosition = new int[last + 1];
    for (SglangPass pass : passes) {
      add(pass, pass.starts(verifyRows), 1);
    }
  }

  /**
   * Removes a pass that has been reached.
   *
   * @param starts the first rows of its requests, from {@link SglangPass#starts}
   */
  void passed(SglangPass pass, int[] starts) {
    add(pass, starts, -1);
  }

  private void add(SglangPass pass, int[] starts, int one) {
    for (int i = 0; i + 1 < starts.length; i++) {
      if (starts[i + 1] > starts[i]) {
        countByPosition[pass.positions()[starts[i]]] += one;
      }
    }
  }

  /** Whether any request continues at one of the positions from {@code first} to {@code last}. */
  boolean has(int first, int last) {
    for (int position = first; position <= last; position++) {
      if (position < countByPosition.length && countByPosition[position] > 0) {
        return true;
      }
    }
    return false;
  }
}
