package io.sextant.placement.evaluate;

/**
 * The experts that the busiest GPU of each decode step has to read: those with at least one row.
 */
final class DecodeSteps {
  private final int[] gpuOfSlot;
  private final int rowsPerStep;
  private final long[] stepOfSlot;
  private final int[] activated;
  private int rows;
  private long step = 1;
  private long complete;
  private long activatedExperts;

  /**
   * @param gpuOfSlot shape [slots]
   * @param rowsPerStep consecutive decode rows of a step
   */
  DecodeSteps(int[] gpuOfSlot, int gpus, int rowsPerStep) {
    this.gpuOfSlot = gpuOfSlot;
    this.rowsPerStep = rowsPerStep;
    this.stepOfSlot = new long[gpuOfSlot.length];
    this.activated = new int[gpus];
  }

  /**
   * Adds a row.
   *
   * @param slots shape [at least topK]: the slot of each of its experts
   */
  void add(int[] slots, int topK) {
    for (int k = 0; k < topK; k++) {
      int slot = slots[k];
      activated[gpuOfSlot[slot]] += stepOfSlot[slot] == step ? 0 : 1;
      stepOfSlot[slot] = step;
    }
    if (++rows == rowsPerStep) {
      end();
    }
  }

  private void end() {
    int most = 0;
    for (int g = 0; g < activated.length; g++) {
      most = Math.max(most, activated[g]);
      activated[g] = 0;
    }
    activatedExperts += most;
    complete++;
    rows = 0;
    step++;
  }

  /** Complete steps. */
  long complete() {
    return complete;
  }

  /** Sum over complete steps of the experts on the GPU that has most of them. */
  long activatedExperts() {
    return activatedExperts;
  }
}
