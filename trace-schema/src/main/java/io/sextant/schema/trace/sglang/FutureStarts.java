package io.sextant.schema.trace.sglang;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.HeapShare;
import java.util.List;

/**
 * At which positions requests go on in the passes to come. A request that stands at none of them
 * has ended: without this, a prefill server's prompts, which never decode, would all be kept.
 */
final class FutureStarts {
  private final int[] countByPosition;
  private final int verifyRows;

  FutureStarts(List<SglangPass> passes, int verifyRows, HeapShare share)
      throws CorruptTraceException {
    this.verifyRows = verifyRows;
    int last = 0;
    for (SglangPass pass : passes) {
      for (int position : pass.positions()) {
        last = Math.max(last, position);
      }
    }
    share.take(Integer.BYTES * (last + 1L));
    this.countByPosition = new int[last + 1];
    for (SglangPass pass : passes) {
      add(pass, 1);
    }
  }

  /** Takes a pass out, for it is no longer to come. */
  void passed(SglangPass pass) {
    add(pass, -1);
  }

  private void add(SglangPass pass, int one) {
    int[] starts = pass.starts(verifyRows);
    for (int i = 0; i + 1 < starts.length; i++) {
      if (starts[i + 1] > starts[i]) {
        countByPosition[pass.positions()[starts[i]]] += one;
      }
    }
  }

  /** Whether any request goes on at one of the positions from {@code first} to {@code last}. */
  boolean has(int first, int last) {
    for (int position = first; position <= last; position++) {
      if (position < countByPosition.length && countByPosition[position] > 0) {
        return true;
      }
    }
    return false;
  }
}
