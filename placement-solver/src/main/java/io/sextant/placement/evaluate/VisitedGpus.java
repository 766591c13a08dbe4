package io.sextant.placement.evaluate;

import io.sextant.placement.problem.SlotLayout;

/** Finds the distinct GPUs and nodes that each row visits: the innermost loop of an evaluation. */
abstract class VisitedGpus {
  final int nodes;
  final int gpusPerNode;

  /** Counts of slots as in {@link BatchCounts#packed}. */
  final long[] packed;

  /** Shape [gpus x nodes]: rows of a source GPU that go to each other node. */
  final int[] sent;

  long gpus;
  long remoteNodes;

  VisitedGpus(SlotLayout layout, long[] packed, int[] sent) {
    this.nodes = layout.nodes();
    this.gpusPerNode = layout.gpusPerNode();
    this.packed = packed;
    this.sent = sent;
  }

  /**
   * @param slots shape [at least rows x topK]
   * @param base index in {@link #packed} of the lane's first slot
   */
  abstract void add(int[] slots, int rows, int topK, int sourceGpu, int base);

  final long gpus() {
    return gpus;
  }

  final long remoteNodes() {
    return remoteNodes;
  }

  final void clear() {
    gpus = 0;
    remoteNodes = 0;
  }
}
