package io.sextant.placement.copies;

/**
 * Chooses the copies that the rows of one layer use, in the order in which they are computed. A
 * chooser counts the rows that it has seen, so every sequence of rows needs a chooser of its own.
 * Not thread-safe.
 */
public interface CopyChooser {

  /**
   * Chooses for consecutive rows that start from the same GPU and belong to the same batch.
   *
   * @param ids logical experts, row-major
   * @param from index in {@code ids} of the first row's first expert
   * @param rows number of rows
   * @param sourceGpu the GPU that the rows start from, over all nodes
   * @param into shape [at least rows x topK]: receives the slots
   */
  void choose(short[] ids, int from, int rows, int topK, int sourceGpu, int[] into);

  /** Ends a batch: the next row is the first of another one. */
  default void endBatch() {}

  /** Whether the rows of a batch must be known before one of them is chosen for. */
  default boolean needsBatch() {
    return false;
  }

  /**
   * Starts a batch, if {@link #needsBatch}.
   *
   * @param ids logical experts of all rows of the batch
   * @param count number of ids
   */
  default void startBatch(short[] ids, int count) {}
}
