package io.sextant.placement.copies;

import java.util.Arrays;

/**
 * TensorRT-LLM's choice: the copies in turn, counted per source GPU and expert within a batch, from
 * the copy with the GPU's own number.
 */
final class RoundRobinChooser implements CopyChooser {
  private final CopyTable copies;

  /** Shape [gpus x experts]: choices in the batch. */
  private final int[] chosen;

  RoundRobinChooser(CopyTable copies, int gpus) {
    this.copies = copies;
    this.chosen = new int[gpus * copies.experts()];
  }

  @Override
  public void choose(short[] ids, int from, int rows, int topK, int sourceGpu, int[] into) {
    int base = sourceGpu * copies.experts();
    int[] start = copies.start();
    int[] slot = copies.slot();
    for (int i = 0; i < rows * topK; i++) {
      int expert = ids[from + i];
      int first = start[expert];
      int number = (chosen[base + expert]++ + sourceGpu) % (start[expert + 1] - first);
      into[i] = slot[first + number];
    }
  }

  @Override
  public void endBatch() {
    Arrays.fill(chosen, 0);
  }
}
