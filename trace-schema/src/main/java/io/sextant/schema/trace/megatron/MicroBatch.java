package io.sextant.schema.trace.megatron;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.LayerRows;
import io.sextant.schema.trace.NoSink;
import io.sextant.schema.trace.RequestHead;
import io.sextant.schema.trace.TraceSink;
import java.util.Arrays;

/** The tokens that pass through the layers of a rank together. */
final class MicroBatch {
  private final ModelSpec model;
  private final HeapShare share;
  private final int[] tokens;
  private final int[] order;
  private int layers;
  private long mark;

  /** Null until the first token; idle ranks have none. */
  private LayerRows rows;

  MicroBatch(ModelSpec model, HeapShare share) {
    this.model = model;
    this.share = share;
    this.tokens = new int[model.moeLayers().size()];
    this.order = new int[tokens.length];
    Arrays.fill(tokens, -1);
  }

  boolean has(int layer) {
    return tokens[layer] >= 0;
  }

  int layers() {
    return layers;
  }

  boolean whole() {
    return layers == tokens.length;
  }

  boolean idle() {
    return rows == null;
  }

  void add(int layer, RouterLine line) throws CorruptTraceException {
    tokens[layer] = line.tokens();
    order[layers++] = layer;
    if (line.tokens() > 0 && rows == null) {
      rows = new LayerRows(model, share);
    }
    long hash = layer + 1L;
    for (int at = 0; at < line.tokens() * model.topK(); at++) {
      hash = (hash ^ line.ids()[at]) * 0x100000001B3L;
    }
    mark += hash ^ (hash >>> 31);
    for (int at = 0; at < line.tokens() * model.topK(); at += model.topK()) {
      rows.add(layer, line.ids(), at);
    }
  }

  /** The first layer with another number of tokens than layer 0; -1 if there is none. */
  int uneven() {
    for (int i = 1; i < tokens.length; i++) {
      if (tokens[i] != tokens[0]) {
        return i;
      }
    }
    return -1;
  }

  int tokens(int layer) {
    return tokens[layer];
  }

  /**
   * Whether the same rows came in another order of layers, as if a pass was recomputed from the
   * last layer to the first.
   */
  boolean repeats(MicroBatch other) {
    return mark == other.mark
        && Arrays.equals(tokens, other.tokens)
        && !Arrays.equals(order, other.order);
  }

  void deliver(TraceSink sink, RequestHead head) {
    if (rows != null) {
      rows.deliverUnphased(sink, head.requestId(), head);
    }
  }

  /** Releases its memory. */
  void drop() {
    deliver(NoSink.INSTANCE, new RequestHead(0, 0, "", 0));
  }
}
