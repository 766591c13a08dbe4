package io.sextant.schema.trace.routing;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.LayerAxis;
import io.sextant.schema.trace.LayerRows;
import io.sextant.schema.trace.RequestHead;
import io.sextant.schema.trace.TraceSink;
import java.io.IOException;
import java.util.Arrays;

/**
 * Gathers one request from its arrays. Rows without a route are left out: rows with -1 in all
 * columns, or, if a decode server never wrote a prompt's rows, with 0 in all columns of all layers.
 * The position of a row gives its phase.
 */
public final class RequestRows {
  private final int[] layers;
  private final int topK;
  private final ModelSpec model;
  private final RouteIds ids;
  private final LayerRows rows;
  private final int[][] row;
  private long missing;
  private long prefill;
  private boolean unphased;
  private String fault;

  public RequestRows(ModelSpec model, RouteIds ids, HeapShare share) throws CorruptTraceException {
    this.model = model;
    this.layers = LayerRows.layersOf(model);
    this.topK = model.topK();
    this.ids = ids;
    this.rows = new LayerRows(model, share);
    this.row = new int[layers.length][topK];
  }

  /**
   * The index of each MoE layer in the array's second dimension.
   *
   * @throws CorruptTraceException if the array is not [tokens, layers, k] of the model
   */
  public static int[] positions(ModelSpec model, RouteArray array) throws CorruptTraceException {
    long[] shape = array.header().shape();
    if (shape.length != 3 || shape[2] != model.topK()) {
      throw new CorruptTraceException(
          "%s has shape %s, expected [tokens, layers, %d]"
              .formatted(array.name(), Arrays.toString(shape), model.topK()));
    }
    return LayerAxis.positions(model, shape[1]);
  }

  /**
   * Adds the rows of an array that are in the span. The meaning of the ids must be decided before.
   */
  public void take(RouteArray array, RowSpan span) throws CorruptTraceException, IOException {
    int[] positions = positions(model, array);
    long last = Math.min(array.tokens(), span.to() - span.start());
    rows.reserve(Math.max(0, last - Math.max(0, span.from() - span.start())));
    array.forEachRow(
        (index, bytes) -> {
          long position = span.start() + index;
          if (position >= span.from() && position < span.to()) {
            take(array, bytes, positions, position, span.promptEnd());
          }
        });
  }

  private void take(RouteArray array, byte[] bytes, int[] positions, long position, long promptEnd)
      throws CorruptTraceException {
    int without = 0;
    int first = -1;
    boolean zero = topK > 1;
    for (int layer = 0; layer < layers.length; layer++) {
      int at = positions[layer] * topK * array.header().itemBytes();
      if (ids.isMissing(array, bytes, at, row[layer])) {
        without++;
        first = first < 0 ? layer : first;
      }
      for (int k = 0; k < topK; k++) {
        zero &= row[layer][k] == 0;
      }
    }
    if (without == layers.length || zero) {
      missing++;
      return;
    }
    if (without > 0) {
      note(
          "layer %d, token %d: it has no route, although other layers have"
              .formatted(layers[first], position));
    }
    for (int layer = 0; layer < layers.length; layer++) {
      note(ids.translate(layer, position, row[layer]));
      rows.add(layer, row[layer], 0);
    }
    unphased |= promptEnd < 0;
    prefill += position < promptEnd ? 1 : 0;
  }

  private void note(String problem) {
    if (fault == null) {
      fault = problem;
    }
  }

  /** Number of rows without a route so far. */
  public long missing() {
    return missing;
  }

  /** Whether there are rows whose phase is not known. */
  public boolean unphased() {
    return unphased;
  }

  /**
   * Delivers the request, or reports why it cannot be used.
   *
   * @param number index of the request within its file, from 0
   * @param where a prefix for the reason, such as {@code "line 7: "}
   * @return whether the request was delivered
   */
  public boolean deliver(TraceSink sink, long number, String where, RequestHead head) {
    String reason = fault == null ? rows.fault() : fault;
    if (rows.tokens(0) == 0 && missing > 0) {
      reason =
          "none of its %d rows has a route: all are -1 or were never written".formatted(missing);
    }
    if (reason != null) {
      sink.reject(number, where + reason);
      rows.discard();
      return false;
    }
    if (unphased) {
      rows.deliverUnphased(sink, number, head);
    } else {
      rows.deliver(sink, number, head, Math.toIntExact(prefill));
    }
    return true;
  }
}
