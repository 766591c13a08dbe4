package io.sextant.jobs.analyze;

import io.sextant.jobs.analyze.count.Phase;
import io.sextant.jobs.cli.SmallHeap;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;

/**
 * The memory for counts of pairs of experts, which grows with the square of the experts: 2 MB for
 * six layers of 128 experts, 3 GB for 128 layers of 1,024.
 */
final class PairMemory {
  /** The share of the heap that the counts may take. */
  private static final double SHARE = 0.7;

  /** A task holds the counts of the file that it reads and those of the files that it has read. */
  private static final int PER_TASK = 2;

  private PairMemory() {}

  /** Bytes of the counts of all layers. */
  static long bytes(ModelSpec model) {
    return (long) Phase.TRACED
        * model.experts()
        * model.experts()
        * Long.BYTES
        * model.moeLayers().size();
  }

  /**
   * The number of tasks that may count at once.
   *
   * @param heapBytes memory that all tasks share, and that also holds their sum
   * @param cores number of tasks that could run at once
   * @return from 1 to {@code cores}
   * @throws InvalidInputException if the memory is too small for one task
   */
  static int tasks(ModelSpec model, long heapBytes, int cores) {
    long bytes = Math.max(1, bytes(model));
    long fit = ((long) (heapBytes * SHARE) / bytes - 1) / PER_TASK;
    if (fit < 1) {
      long gib = (long) Math.ceil((1 + PER_TASK) * bytes / SHARE / (1L << 30));
      throw InvalidInputException.of(
          "model " + model.name(),
          "the pairs of %,d experts in %,d layers need a heap of %,d GiB; it has %.1f"
              .formatted(
                  model.experts(), model.moeLayers().size(), gib, (double) heapBytes / (1L << 30)),
          SmallHeap.remedy(gib + "g"));
    }
    return (int) Math.min(fit, cores);
  }
}
