package io.sextant.schema.trace;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.spec.ModelSpec;
import java.util.Arrays;

/**
 * Gathers the rows of one request, layer by layer or token by token. An id that cannot be is
 * remembered as the request's first {@link #fault}; what makes the whole file doubtful is thrown.
 */
public final class LayerRows {
  private static final int FIRST_ROOM_TOKENS = 4;

  private final int[] layers;
  private final int topK;
  private final int expertsPerLayer;
  private final short[][] experts;
  private final HeapShare share;

  /** Ids taken by each layer so far. */
  private final int[] taken;

  /** The last token, counted by {@link #mark}, in which each expert was seen. */
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
   * Takes one token's experts in one layer.
   *
   * @param layer index among the MoE layers
   * @param ids top-k ids from {@code offset} on, the token's best expert first
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
    long wanted = room == 0 ? FIRST_ROOM_TOKENS * (long) topK : 2L * room;
    if (wanted > Integer.MAX_VALUE - 8) {
      throw new CorruptTraceException("a request has more rows than a request can hold");
    }
    share.take(Short.BYTES * (wanted - room));
    experts[layer] = target == null ? new short[(int) wanted] : Arrays.copyOf(target, (int) wanted);
  }

  /** Tokens that a layer has so far. */
  public int tokens(int layer) {
    return taken[layer] / topK;
  }

  /** Why the request cannot be used, or null. */
  public String fault() {
    return taken[0] == 0 ? Faults.NO_ROWS : fault;
  }

  /**
   * Hands the request over and gives its memory back. All layers must have the same tokens.
   *
   * @param row index of the request within its file, from 0
   * @param prefillTokens rows of the prompt; the others are decode rows
   */
  public void deliver(TraceSink sink, long row, RequestHead head, int prefillTokens) {
    deliver(sink, row, head, prefillTokens, tokens(0) - prefillTokens);
  }

  /** Hands over a request whose source does not tell prompt rows from generated ones. */
  public void deliverUnphased(TraceSink sink, long row, RequestHead head) {
    deliver(sink, row, head, 0, 0);
  }

  private void deliver(
      TraceSink sink, long row, RequestHead head, int prefillTokens, int decodeTokens) {
    if (fault() != null) {
      sink.reject(row, fault());
    } else {
      short[][] exact = new short[layers.length][];
      for (int i = 0; i < layers.length; i++) {
        exact[i] = Arrays.copyOf(experts[i], taken[i]);
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
              exact));
    }
    discard();
  }

  /** Gives the memory back without handing the request over. */
  public void discard() {
    share.give(Integer.BYTES * (long) expertsPerLayer);
    for (short[] rows : experts) {
      share.give(rows == null ? 0 : Short.BYTES * (long) rows.length);
    }
  }

  private void note(String problem) {
    if (fault == null) {
      fault = problem;
    }
  }
}
