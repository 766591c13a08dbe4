package io.sextant.schema.trace.megatron;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.FileNames;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.LayerRows;
import io.sextant.schema.trace.RequestHead;
import io.sextant.schema.trace.RequestOrigin;
import io.sextant.schema.trace.TraceSink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Assembles micro-batches from their layers. Within a step the first line of each layer belongs to
 * the first micro-batch, the second to the second, and so on.
 *
 * <p>If some layers have a multiple of the lines of the others, the surplus lines follow each
 * micro-batch and are left out. They come from a pass that was partly recomputed, or from
 * multi-token prediction that uses the numbers of the decoder.
 */
final class MicroBatches {
  private final ModelSpec model;
  private final LayerNumbering numbering;
  private final TraceSink sink;
  private final long arrivalMillis;
  private final HeapShare share;
  private final int[] layers;

  /** Number of surplus lines per layer after each micro-batch. */
  private final int[] surplus;

  private final int[] surplusLeft;
  private final boolean anySurplus;
  private final Deque<MicroBatch> open = new ArrayDeque<>();
  private MicroBatch last;
  private long step = -1;
  private int rank = -1;
  private long next;
  private long idle;
  private long repeated;
  private long surplusLines;

  MicroBatches(
      ModelSpec model,
      LayerNumbering numbering,
      TraceSink sink,
      long arrivalMillis,
      HeapShare share)
      throws CorruptTraceException {
    this.model = model;
    this.numbering = numbering;
    this.sink = sink;
    this.arrivalMillis = arrivalMillis;
    this.share = share;
    this.layers = LayerRows.layersOf(model);
    this.surplus = surplus(numbering.lines());
    this.surplusLeft = new int[layers.length];
    this.anySurplus = Arrays.stream(surplus).anyMatch(count -> count > 0);
  }

  private static int[] surplus(long[] lines) {
    int[] surplus = new int[lines.length];
    long least = Arrays.stream(lines).min().orElse(0);
    // In a file with one whole micro-batch, the surplus may also be the start of the second one.
    for (int i = 0; least > 1 && i < lines.length; i++) {
      surplus[i] = (int) Math.min(lines[i] / least - 1, Integer.MAX_VALUE);
    }
    return surplus;
  }

  void take(RouterLine line) throws CorruptTraceException {
    int layer = line.block().equals(RouterLine.DECODER) ? numbering.index(line.layer()) : -1;
    if (layer < 0) {
      return;
    }
    if (line.step() != step || line.rank() != rank) {
      begin(line);
    }
    if (open.isEmpty() && surplusLeft[layer] > 0) {
      surplusLeft[layer]--;
      surplusLines++;
      return;
    }
    MicroBatch batch = batch(layer, line);
    batch.add(layer, line);
    while (!open.isEmpty() && open.peek().whole()) {
      deliver(open.remove(), line);
    }
  }

  private void begin(RouterLine line) throws CorruptTraceException {
    if (!open.isEmpty()) {
      throw line.fault(
          "step %d, rank %d begins, but step %d, rank %d has a micro-batch with %d of %d MoE layers"
              .formatted(
                  line.step(), line.rank(), step, rank, open.peek().layers(), layers.length));
    }
    step = line.step();
    rank = line.rank();
    last = null;
    Arrays.fill(surplusLeft, 0);
  }

  private MicroBatch batch(int layer, RouterLine line) throws CorruptTraceException {
    for (MicroBatch batch : open) {
      if (!batch.has(layer)) {
        return batch;
      }
    }
    if (anySurplus && !open.isEmpty()) {
      throw line.fault(
          "layer %d occurs twice in a micro-batch of step %d".formatted(line.layer(), step));
    }
    MicroBatch batch = new MicroBatch(model, share);
    open.add(batch);
    return batch;
  }

  private void deliver(MicroBatch batch, RouterLine line) throws CorruptTraceException {
    int uneven = batch.uneven();
    if (uneven >= 0) {
      throw line.fault(
          "step %d has %d tokens in layer %d but %d in layer %d"
              .formatted(step, batch.tokens(0), layers[0], batch.tokens(uneven), layers[uneven]));
    }
    if (last != null && !batch.idle() && batch.repeats(last)) {
      repeated++;
      batch.drop();
      return;
    }
    last = batch;
    System.arraycopy(surplus, 0, surplusLeft, 0, surplus.length);
    if (batch.idle()) {
      idle++;
    } else {
      batch.deliver(
          sink,
          new RequestHead(next, arrivalMillis, FileNames.UNKNOWN_DOMAIN, rank)
              .from(RequestOrigin.inPass(next + idle)));
      next++;
    }
  }

  /**
   * To be called after the last line.
   *
   * @param cutLine number of the line in which the file ends; 0 if it ends after one
   */
  void end(long cutLine) throws CorruptTraceException {
    List<String> remarks = new ArrayList<>();
    if (cutLine > 0 || !open.isEmpty()) {
      String where =
          cutLine > 0
              ? "the file ends inside line %d".formatted(cutLine)
              : "the file ends inside a micro-batch";
      if (!open.isEmpty()) {
        where +=
            ", in step %d after %d of %d MoE layers"
                .formatted(step, open.peek().layers(), layers.length);
      }
      if (next == 0) {
        throw new CorruptTraceException(
            "truncated: %s, before its first micro-batch is whole".formatted(where));
      }
      remarks.add(
          "%s, as if the job was killed or the copy was interrupted; %d whole micro-batches before that are kept"
              .formatted(where, next));
    }
    if (next == 0 && idle == 0) {
      throw new CorruptTraceException("the file has no routed tokens");
    }
    if (repeated > 0) {
      remarks.add(
          "%d micro-batches repeat the one before in another order of layers, as activation recomputation does; they are left out"
              .formatted(repeated));
    }
    if (surplusLines > 0) {
      remarks.add(
          "%d lines are left out: in each step some layers come again after the micro-batch, as activation recomputation and multi-token prediction with a decoder layer's number do"
              .formatted(surplusLines));
    }
    remarks.forEach(sink::warn);
  }
}
