package io.sextant.schema.trace.json;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.RequestHead;
import io.sextant.schema.trace.RequestTrace;
import java.util.Arrays;

/** Gathers a request step by step: first the prefill, then one token per step. */
final class RequestSteps {
  private static final int FIRST_ROOM_TOKENS = 256;

  private final ModelSpec model;
  private final int[] layers;
  private final int topK;
  private final short[][] experts;

  /** Number of ids that each layer has so far. */
  private final int[] taken;

  /** The last token in which each expert was seen, as a value of {@link #mark}. */
  private final long[] seen;

  private final HeapShare share = new HeapShare();
  private long mark;
  private int steps;
  private int tokens;
  private int prefillTokens;
  private int layer;
  private int tokenEnd;
  private String fault;

  RequestSteps(ModelSpec model) throws CorruptTraceException {
    this.model = model;
    this.layers = model.moeLayers().stream().mapToInt(Integer::intValue).toArray();
    if (layers.length == 0) {
      throw new CorruptTraceException(
          "the file has expert ids, but model %s has no MoE layers".formatted(model.name()));
    }
    this.topK = model.topK();
    this.experts = new short[layers.length][FIRST_ROOM_TOKENS * topK];
    this.taken = new int[layers.length];
    this.seen = new long[model.experts()];
  }

  /** Index of the step being read, from 0. */
  int index() {
    return steps;
  }

  void begin() {
    layer = -1;
  }

  void beginLayer(String id) throws CorruptTraceException {
    layer = id.matches("\\d{1,9}") ? Arrays.binarySearch(layers, Integer.parseInt(id)) : -1;
    if (layer < 0) {
      throw new CorruptTraceException(
          "step %d has layer %s, which is not a MoE layer of %s"
              .formatted(steps, Faults.shown(id), model.name()));
    }
  }

  void beginToken() throws CorruptTraceException {
    mark++;
    tokenEnd = taken[layer] + topK;
    if (tokenEnd > experts[layer].length) {
      share.take(Short.BYTES * (long) experts[layer].length);
      experts[layer] = Arrays.copyOf(experts[layer], 2 * experts[layer].length);
    }
  }

  /** Adds one id; the first impossible id is recorded as the request's {@link #fault}. */
  void expert(long id) throws CorruptTraceException {
    int token = tokenEnd / topK - 1;
    if (taken[layer] == tokenEnd) {
      throw wrongTopK("more than " + topK);
    }
    if (id < 0 || id >= model.experts()) {
      note(Faults.expertOutOfRange(layers[layer], token, id, model.experts()));
    } else {
      int expert = (int) id;
      if (seen[expert] == mark) {
        note(Faults.duplicateExpert(layers[layer], token, expert, topK));
      }
      seen[expert] = mark;
      experts[layer][taken[layer]] = (short) expert;
    }
    taken[layer]++;
  }

  void endToken() throws CorruptTraceException {
    if (taken[layer] != tokenEnd) {
      throw wrongTopK(Integer.toString(topK - (tokenEnd - taken[layer])));
    }
  }

  /** Checks that every MoE layer got the same number of new tokens. */
  void end() throws CorruptTraceException {
    int before = tokens;
    tokens = taken[0] / topK;
    for (int i = 1; i < layers.length; i++) {
      if (taken[i] != taken[0]) {
        throw new CorruptTraceException(
            "step %d has %d tokens in layer %d but %d in layer %d"
                .formatted(steps, tokens - before, layers[0], taken[i] / topK - before, layers[i]));
      }
    }
    if (steps == 0) {
      prefillTokens = tokens;
    } else if (tokens - before != 1) {
      throw new CorruptTraceException(
          "decode step %d has %d tokens, expected 1".formatted(steps, tokens - before));
    }
    steps++;
  }

  /** The reason why the request cannot be used; null if there is none. */
  String fault() {
    return tokens == 0 ? Faults.NO_ROWS : fault;
  }

  RequestTrace request(RequestHead head) {
    short[][] exact = new short[layers.length][];
    for (int i = 0; i < layers.length; i++) {
      exact[i] = Arrays.copyOf(experts[i], taken[i]);
    }
    return new RequestTrace(
        head.requestId(),
        head.arrivalMillis(),
        head.domain(),
        head.sourceRank(),
        prefillTokens,
        tokens - prefillTokens,
        0,
        topK,
        layers,
        exact,
        head.promptTokenIds(),
        head.origin());
  }

  private void note(String problem) {
    if (fault == null) {
      fault = problem;
    }
  }

  private CorruptTraceException wrongTopK(String found) {
    return new CorruptTraceException(
        "step %d, layer %d: a token has %s experts, but top_k of %s is %d"
            .formatted(steps, layers[layer], found, model.name(), topK));
  }
}
