package io.sextant.schema.trace;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.spec.ModelSpec;
import java.util.Arrays;

/**
 * Gathers the rows of one request, layer by layer or token by token. The first impossible id is
 * recorded as the request's {@link #fault}; an error that makes the whole file doubtful is thrown.
 */
public final class LayerRows {
  private static final int FIRST_ROOM_TOKENS = 4;

  private final int[] layers;
  private final int topK;
  private final int expertsPerLayer;
  private final short[][] experts;
  private final HeapShare share;

  /** Number of ids that each layer has so far. */
  private final int[] taken;

  /** The last token in which each expert was seen, as a value of {@link #mark}. */
  private final int[] seen;

  private int mark;
  private String fault;

  public LayerRows(ModelSpec model, HeapShare share) throws CorruptTraceException {
    this.layers = layersOf(model);
    this.topK = model.topK();
    this.expertsPerLayer = model.experts();
    this.experts = new short[layers.length][];
    this.taken = new int[layers.length];
    this.seen = new int[expertsPerLayer];
    this.share = share;
    share.take(Integer.BYTES * (long) expertsPerLayer);
  }

  /** Absolute ids of the MoE layers. */
  public static int[] layersOf(ModelSpec model) throws CorruptTraceException {
    if (model.moeLayers().isEmpty()) {
      throw new CorruptTraceException(
          "the file has expert ids, but model %s has no MoE layers".formatted(model.name()));
    }
    return model.moeLayers().stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * Adds one token's experts in one layer.
   *
   * @param layer index among the MoE layers
   * @param ids array with the top-k ids from {@code offset} on, the token's best expert first
   */
  public void add(int layer, int[] ids, int offset) throws CorruptTraceException {
    int at = taken[layer];
    makeRoom(layer, at);
    mark++;
    short[] target = experts[layer];
    for (int k = 0; k < topK; k++) {
      int expert = ids[offset + k];
      if (expert < 0 || expert >= expertsPerLayer) {
        note(Faults.expertOutOfRange(layers[layer], at / topK, expert, expertsPerLayer));
        continue;
      }
      if (seen[expert] == mark) {
        note(Faults.duplicateExpert(layers[layer], at / topK, expert, topK));
      }
      seen[expert] = mark;
      target[at + k] = (short) expert;
    }
    taken[layer] = at + topK;
  }

  private void makeRoom(int layer, int at) throws CorruptTraceException {
    short[] target = experts[layer];
    int room = target == null ? 0 : target.length;
    if (at + topK <= room) {
      return;
    }
    resize(layer, room == 0 ? FIRST_ROOM_TOKENS * (long) topK : 2L * room);
  }

  /**
   * Reserves room for the tokens that are still to come, so that arrays need not grow.
   *
   * @param tokens number of further tokens in every layer
   */
  public void reserve(long tokens) throws CorruptTraceException {
    for (int layer = 0; layer < layers.length; layer++) {
      long wanted = taken[layer] + tokens * topK;
      int room = experts[layer] == null ? 0 : experts[layer].length;
      if (wanted > room) {
        resize(layer, wanted);
      }
    }
  }

  private void resize(int layer, long wanted) throws CorruptTraceException {
    if (wanted > Integer.MAX_VALUE - 8) {
      throw new CorruptTraceException("a request has more rows than a request can hold");
    }
    short[] before = experts[layer];
    // Both arrays exist while one is copied into the other.
    share.take(Short.BYTES * wanted);
    experts[layer] = before == null ? new short[(int) wanted] : Arrays.copyOf(before, (int) wanted);
    share.give(before == null ? 0 : Short.BYTES * (long) before.length);
  }

  /** Number of tokens that a layer has so far. */
  public int tokens(int layer) {
    return taken[layer] / topK;
  }

  /** The reason why the request cannot be used; null if there is none. */
  public String fault() {
    return taken[0] == 0 ? Faults.NO_ROWS : fault;
  }

  /**
   * Delivers the request and releases its memory. All layers must have the same number of tokens.
   *
   * @param row index of the request within its file, from 0
   * @param prefillTokens number of rows of the prompt; the others are decode rows
   */
  public void deliver(TraceSink sink, long row, RequestHead head, int prefillTokens) {
    deliver(sink, row, head, prefillTokens, tokens(0) - prefillTokens);
  }

  /** Delivers a request whose source does not distinguish prompt rows from generated ones. */
  public void deliverUnphased(TraceSink sink, long row, RequestHead head) {
    deliver(sink, row, head, 0, 0);
  }

  private void deliver(
      TraceSink sink, long row, RequestHead head, int prefillTokens, int decodeTokens) {
    long room = 0;
    for (short[] rows : experts) {
      room += rows == null ? 0 : rows.length;
    }
    if (fault() != null) {
      sink.reject(row, fault());
    } else {
      short[][] exact = new short[layers.length][];
      for (int i = 0; i < layers.length; i++) {
        exact[i] = experts[i].length == taken[i] ? experts[i] : Arrays.copyOf(experts[i], taken[i]);
        experts[i] = null; // so that at most one layer is in memory twice
      }
      sink.accept(
          new RequestTrace(
              head.requestId(),
              head.arrivalMillis(),
              head.domain(),
              head.sourceRank(),
              prefillTokens,
              decodeTokens,
              tokens(0) - prefillTokens - decodeTokens,
              topK,
              layers,
              exact,
              head.promptTokenIds(),
              head.origin()));
    }
    share.give(Integer.BYTES * (long) expertsPerLayer + Short.BYTES * room);
  }

  /** Releases the memory of a request that is not delivered. */
  public void discard() {
    long room = 0;
    for (int i = 0; i < layers.length; i++) {
      room += experts[i] == null ? 0 : experts[i].length;
      experts[i] = null;
    }
    share.give(Integer.BYTES * (long) expertsPerLayer + Short.BYTES * room);
  }

  private void note(String problem) {
    if (fault == null) {
      fault = problem;
    }
  }
}
