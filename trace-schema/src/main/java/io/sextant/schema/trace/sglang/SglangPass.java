package io.sextant.schema.trace.sglang;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.tensor.PickledList;
import io.sextant.schema.tensor.TorchTensor;
import java.util.Arrays;
import java.util.Map;

/**
 * One forward pass of a rank in a dump of SGLang's expert distribution recorder, mode {@code
 * per_token}: its tokens and the location of their experts in the file.
 *
 * @param id forward_pass_id; with two-batch overlap, two records have the same id
 * @param rank the rank that recorded
 * @param kind the way in which the rows divide into requests
 * @param positions positions of the tokens within their requests, shape [tokens]
 * @param extendLengths number of tokens of each request; null in passes of decode or verify rows
 * @param inputIds token ids of the rows, shape [tokens]; null in other passes than those of
 *     prompts, or if the dump does not have them
 * @param experts physical ids, shape [layers, tokens, columns]; -1 for no expert
 */
record SglangPass(
    long id,
    int rank,
    Kind kind,
    int[] positions,
    int[] extendLengths,
    int[] inputIds,
    TorchTensor experts) {

  /** The way in which the rows of a pass divide into requests. */
  enum Kind {
    /** Some rows of the prompt of each request. */
    EXTEND,
    /** One generated row of each request. */
    DECODE,
    /** Prompt rows, then one generated row of each running request. */
    MIXED,
    /** The same number of candidate rows for each running request (speculative decoding). */
    VERIFY
  }

  // SGLang's ForwardMode. The numbers of other modes changed between versions, so such passes are
  // identified by their content.
  private static final int EXTEND = 1;
  private static final int DECODE = 2;
  private static final int MIXED = 3;
  private static final int TARGET_VERIFY = 5;

  private static final int OBJECT_BYTES = 320;

  /** No request is this long; a larger number is not a position. */
  private static final int MOST_POSITION = 1 << 24;

  /** Whether a dict of the dump is a record of a pass. */
  static boolean isRecord(Map<?, ?> dict) {
    return dict.containsKey("forward_pass_id");
  }

  static SglangPass of(Map<?, ?> dict) throws CorruptTraceException {
    if (!(dict.get("forward_pass_id") instanceof Long id)
        || !(dict.get("rank") instanceof Long rank)
        || rank < 0
        || rank > Short.MAX_VALUE) {
      throw new CorruptTraceException("a record has no forward_pass_id or no rank");
    }
    if (!(dict.get("topk_ids_of_layer") instanceof TorchTensor experts)
        || !(dict.get("forward_mode") instanceof Long mode)
        || !(dict.get("positions") instanceof PickledList list)
        || list.numbers() == null
        || experts.shape().length != 3) {
      throw fault(id, "has no forward_mode, positions or experts [layers, tokens, columns]");
    }
    int[] positions = list.numbers();
    if (experts.shape()[1] < positions.length) {
      throw fault(
          id,
          "has %d positions, but experts of %d tokens"
              .formatted(positions.length, experts.shape()[1]));
    }
    for (int position : positions) {
      if (position < 0 || position > MOST_POSITION) {
        throw fault(id, "has position " + position);
      }
    }
    int[] lengths =
        dict.get("extend_seq_lens") instanceof PickledList extend ? extend.numbers() : null;
    Kind kind = kind(id, mode, positions.length, lengths);
    boolean prompts = kind == Kind.EXTEND || kind == Kind.MIXED;
    return new SglangPass(
        id,
        rank.intValue(),
        kind,
        positions,
        prompts ? lengths : null,
        prompts ? inputIds(dict, positions.length) : null,
        experts);
  }

  /** Null if they are not one token id for each row. */
  private static int[] inputIds(Map<?, ?> dict, int tokens) {
    int[] ids = dict.get("input_ids") instanceof PickledList list ? list.numbers() : null;
    return ids != null && ids.length == tokens && Arrays.stream(ids).allMatch(id -> id >= 0)
        ? ids
        : null;
  }

  private static Kind kind(long id, long mode, int tokens, int[] lengths)
      throws CorruptTraceException {
    if (tokens == 0 || mode == DECODE) {
      return Kind.DECODE;
    }
    if (mode == EXTEND || mode == MIXED) {
      requireTokens(id, tokens, lengths);
      return mode == EXTEND ? Kind.EXTEND : Kind.MIXED;
    }
    if (mode == TARGET_VERIFY) {
      return Kind.VERIFY; // Its lengths are left over from the prefill.
    }
    return sum(lengths) == tokens ? Kind.EXTEND : Kind.DECODE;
  }

  private static void requireTokens(long id, int tokens, int[] lengths)
      throws CorruptTraceException {
    if (lengths == null) {
      throw fault(id, "has no extend_seq_lens");
    }
    long sum = sum(lengths);
    if (sum < 0) {
      throw fault(id, "has a request with fewer than 0 tokens");
    }
    if (sum != tokens) {
      throw fault(id, "has %d positions, but its requests have %d tokens".formatted(tokens, sum));
    }
  }

  /** Number of tokens of all requests; -1 if there are no lengths or one is negative. */
  private static long sum(int[] lengths) {
    if (lengths == null) {
      return -1;
    }
    long sum = 0;
    for (int length : lengths) {
      if (length < 0) {
        return -1;
      }
      sum += length;
    }
    return sum;
  }

  /**
   * The first row of each request, followed by the end of the rows.
   *
   * @param verifyRows number of rows per request in a verify pass
   * @return row indices, shape [requests + 1]
   */
  int[] starts(int verifyRows) {
    int[] starts;
    if (extendLengths != null) {
      starts = new int[extendLengths.length + 1];
      for (int i = 1; i < starts.length; i++) {
        starts[i] = starts[i - 1] + extendLengths[i - 1];
      }
      return starts;
    }
    int rows = kind == Kind.VERIFY ? verifyRows : 1;
    starts = new int[positions.length / rows + 1];
    for (int i = 1; i < starts.length; i++) {
      starts[i] = i * rows;
    }
    return starts;
  }

  /** Memory in bytes that the pass takes until its rows have been read. */
  long bytes() {
    return OBJECT_BYTES
        + (long) Integer.BYTES * (positions.length + length(extendLengths) + length(inputIds));
  }

  private static int length(int[] values) {
    return values == null ? 0 : values.length;
  }

  CorruptTraceException fault(String reason) {
    return fault(id, reason);
  }

  private static CorruptTraceException fault(long id, String reason) {
    return new CorruptTraceException("forward pass %d %s".formatted(id, reason));
  }
}
