package io.sextant.schema.trace.tensorrt;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.FileNames;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.LayerRows;
import io.sextant.schema.trace.RequestHead;
import io.sextant.schema.trace.RequestOrigin;
import io.sextant.schema.trace.TraceSink;
import io.sextant.schema.trace.tensorrt.CountsBeside.Sum;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Assembles each iteration from its layers. */
final class RawIterations implements RawTensors.Rows {
  private final ModelSpec model;
  private final TraceFile file;
  private final TraceSink sink;
  private final SlotIds slots;
  private final RowsCheck check;

  /** The highest id in the file; used if no counts give the number of ids. */
  private final int highest;

  private final int[] layers;
  private final HeapShare share = new HeapShare();
  private final Set<Long> known = new HashSet<>();
  private final boolean[] has;

  /** Null until the iteration has its first token; idle ranks have none. */
  private LayerRows rows;

  private StatisticsKey key;
  private int layer;
  private int[] experts;
  private long ids;
  private long mark;
  private int layersTaken;
  private long row;

  RawIterations(
      ModelSpec model, TraceFile file, TraceSink sink, SlotIds slots, RowsCheck check, int highest)
      throws CorruptTraceException {
    this.model = model;
    this.file = file;
    this.sink = sink;
    this.slots = slots;
    this.check = check;
    this.highest = highest;
    this.layers = LayerRows.layersOf(model);
    this.has = new boolean[layers.length];
  }

  @Override
  public void begin(StatisticsKey next) throws CorruptTraceException {
    layer = next.index(layers, model);
    if (layersTaken == 0) {
      if (!known.add(next.iteration())) {
        throw new CorruptTraceException(
            row, "iteration %d occurs in two pieces".formatted(next.iteration()));
      }
    } else if (next.iteration() != key.iteration()) {
      throw incomplete();
    }
    key = next;
    if (has[layer]) {
      throw new CorruptTraceException(
          row, "tensor %s is of a layer that the iteration already has".formatted(key));
    }
    has[layer] = true;
    long positions = check.positions(key);
    experts =
        positions < 0
            ? slots.experts(key, Math.max(highest + 1L, model.experts()), true)
            : slots.experts(key, positions, false);
    ids = 0;
    mark = 0;
  }

  @Override
  public void row(int[] tokenIds) throws CorruptTraceException {
    for (int k = 0; k < tokenIds.length; k++) {
      mark += Sum.mark(tokenIds[k]);
      if (experts != null) {
        tokenIds[k] = tokenIds[k] < 0 || tokenIds[k] >= experts.length ? -1 : experts[tokenIds[k]];
      }
    }
    ids += tokenIds.length;
    if (rows == null) {
      rows = new LayerRows(model, share);
    }
    rows.add(layer, tokenIds, 0);
  }

  @Override
  public void end() throws CorruptTraceException {
    check.rows(key, new Sum(ids, mark));
    layersTaken++;
    if (layersTaken < layers.length) {
      return;
    }
    layersTaken = 0;
    for (int i = 0; i < layers.length; i++) {
      has[i] = false;
      if (rows != null && rows.tokens(i) != rows.tokens(0)) {
        throw new CorruptTraceException(
            row,
            "iteration %d has %d tokens in layer %d but %d in layer %d"
                .formatted(key.iteration(), rows.tokens(0), layers[0], rows.tokens(i), layers[i]));
      }
    }
    if (rows != null) {
      rows.deliverUnphased(
          sink,
          row,
          new RequestHead(
                  key.iteration(),
                  file.modifiedMillis(),
                  FileNames.UNKNOWN_DOMAIN,
                  FileNames.rank(file.path()))
              .from(RequestOrigin.inPass(key.iteration())));
      rows = null;
    }
    row++;
  }

  /** To be called after the last tensor. */
  void endOfFile() throws CorruptTraceException {
    if (layersTaken > 0) {
      throw incomplete();
    }
  }

  private CorruptTraceException incomplete() {
    String missing =
        IntStream.range(0, layers.length)
            .filter(i -> !has[i])
            .mapToObj(i -> String.valueOf(layers[i]))
            .collect(Collectors.joining(", "));
    return new CorruptTraceException(
        row,
        "iteration %d has %d of the %d MoE layers in one piece; missing: %s. A rank of one pipeline stage records only its own layers: use the counts files, which add up"
            .formatted(key.iteration(), layersTaken, layers.length, missing));
  }
}
