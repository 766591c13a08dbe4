package io.sextant.placement.evaluate;

import io.sextant.placement.copies.CopyChooser;
import io.sextant.placement.copies.LayerDispatch;
import io.sextant.placement.cost.CostModel;
import io.sextant.schema.spec.Transport;
import java.util.function.Supplier;

/**
 * Cuts a stream of rows in batches, chooses the copies and counts. Its chooser and batches are its
 * own: rows of other streams do not exist for it.
 */
final class StreamEvaluator {
  /** Rows whose choices are made before they are counted; they stay in the fastest cache. */
  private static final int CHUNK = 256;

  private final int batchRows;
  private final CopyChooser chooser;

  /** The batch at hand if the chooser must know all of it, else null. */
  private final HeldBatch held;

  private final BatchCounts counts;
  private final BatchSums sums;
  private RoutedRows routes;
  private int[] slots = {};
  private int topK;
  private int inBatch;

  /**
   * @param batchRows rows of a batch
   */
  StreamEvaluator(LayerDispatch dispatch, Transport transport, int batchRows, CostModel cost) {
    this.batchRows = batchRows;
    this.chooser = dispatch.chooser();
    this.held = chooser.needsBatch() ? new HeldBatch() : null;
    this.counts = new BatchCounts(dispatch.layout(), transport);
    this.sums = new BatchSums(dispatch.layout(), transport, cost, counts);
  }

  void reportRoutes(LayerEvaluator.BatchRoutes listener) {
    routes = new RoutedRows(listener);
  }

  BatchSums sums() {
    return sums;
  }

  /**
   * Adds rows that start from the same GPU.
   *
   * @param from index in {@code ids} of the first row's first expert
   */
  void add(short[] ids, int from, int rows, int rowTopK, int sourceGpu) {
    topK = rowTopK;
    int start = from;
    for (int left = rows; left > 0; ) {
      int some = Math.min(left, batchRows - inBatch);
      if (held == null) {
        count(ids, start, some, sourceGpu);
      } else {
        held.add(ids, start, some, topK, sourceGpu);
      }
      start += some * topK;
      left -= some;
      inBatch += some;
      if (inBatch == batchRows) {
        countHeld();
        sums.endBatch();
        if (routes != null) {
          routes.endBatch();
        }
        chooser.endBatch();
        if (held != null) {
          held.clear();
        }
        inBatch = 0;
      }
    }
  }

  private void count(short[] ids, int from, int rows, int sourceGpu) {
    if (slots.length < CHUNK * topK) {
      slots = new int[CHUNK * topK];
    }
    for (int r = 0; r < rows; r += CHUNK) {
      int some = Math.min(CHUNK, rows - r);
      chooser.choose(ids, from + r * topK, some, topK, sourceGpu, slots);
      counts.add(slots, some, topK, sourceGpu);
      if (routes != null) {
        routes.add(slots, some * topK, some, sourceGpu);
      }
    }
  }

  private void countHeld() {
    if (held == null) {
      return;
    }
    chooser.startBatch(held.ids(), held.idCount());
    int from = 0;
    for (int run = 0; run < held.runs(); run++) {
      count(held.ids(), from, held.rows(run), held.sourceGpu(run));
      from += held.rows(run) * topK;
    }
  }

  /**
   * The sums over the complete batches; of the traffic of the rows at hand if there is no complete
   * batch.
   */
  StreamTally tally() {
    return sums.batches() > 0 || inBatch == 0 ? sums.tally(inBatch) : ofIncomplete(sums::traffic);
  }

  /** Shape [nodes x nodes], source node first: the rows sent between nodes, of the same rows. */
  long[] sentTokens() {
    return sums.batches() > 0 || inBatch == 0 ? sums.sent() : ofIncomplete(sums::sentInBatch);
  }

  private <T> T ofIncomplete(Supplier<T> figures) {
    countHeld();
    T found = figures.get();
    if (held != null) {
      // The rows are counted again when their batch is complete.
      counts.clear();
    }
    return found;
  }
}
