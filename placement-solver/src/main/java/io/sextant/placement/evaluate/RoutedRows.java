package io.sextant.placement.evaluate;

import java.util.Arrays;

/** The source and the slots of every row of the batch at hand. */
final class RoutedRows {
  private final LayerEvaluator.BatchRoutes listener;
  private int[] sources = new int[1 << 10];
  private int[] slots = new int[1 << 13];
  private int rows;
  private int choices;

  RoutedRows(LayerEvaluator.BatchRoutes listener) {
    this.listener = listener;
  }

  void add(int[] from, int count, int more, int sourceGpu) {
    if (rows + more > sources.length) {
      sources = Arrays.copyOf(sources, Math.max(2 * rows, rows + more));
    }
    if (choices + count > slots.length) {
      slots = Arrays.copyOf(slots, Math.max(2 * choices, choices + count));
    }
    Arrays.fill(sources, rows, rows + more, sourceGpu);
    System.arraycopy(from, 0, slots, choices, count);
    rows += more;
    choices += count;
  }

  void endBatch() {
    listener.microBatch(Arrays.copyOf(sources, rows), Arrays.copyOf(slots, choices));
    rows = 0;
    choices = 0;
  }
}
