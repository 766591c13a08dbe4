package io.sextant.schema.trace.sglang;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.tensor.PickledList;
import io.sextant.schema.tensor.TorchTensor;
import java.util.Map;

/**
 * One forward pass of a rank as SGLang's expert distribution recorder dumps it in mode {@code
 * per_token}: which tokens it had, and where their experts lie in the file.
 *
 * @param id of the pass; with two-batch overlap two records have the same
 * @param mode 1 extend, 2 decode, 3 mixed, 4 idle (SGLang's ForwardMode)
 * @param positions of the tokens within their requests, shape [tokens]
 * @param extendLengths tokens of each request; null in a decode pass, where each has one
 * @param experts physical ids, shape [layers, tokens, columns]; -1 where there is none
 */
record SglangPass(
    long id, int rank, int mode, int[] positions, int[] extendLengths, TorchTensor experts) {
  static final int EXTEND = 1;
  static final int DECODE = 2;
  static final int MIXED = 3;
  static final int IDLE = 4;

  private static final int OBJECT_BYTES = 160;

  /** Whether a dict of the dump is a record of a pass. */
  static boolean isRecord(Map<String, Object> dict) {
    return dict.containsKey("forward_pass_id");
  }

  static SglangPass of(Map<String, Object> dict) throws CorruptTraceException {
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
    if (mode < EXTEND || mode > IDLE) {
      throw fault(
          id,
          "has forward_mode %d; extend, decode, mixed and idle (1 to 4) are read, without speculative decoding"
              .formatted(mode));
    }
    int[] positions = list.numbers();
    if (experts.shape()[1] < positions.length) {
      throw fault(
          id,
          "has %d positions, but experts of %d tokens"
              .formatted(positions.length, experts.shape()[1]));
    }
    int[] lengths =
        dict.get("extend_seq_lens") instanceof PickledList extend ? extend.numbers() : null;
    SglangPass pass =
        new SglangPass(id, rank.intValue(), mode.intValue(), positions, lengths, experts);
    pass.check();
    return pass;
  }

  private void check() throws CorruptTraceException {
    for (int position : positions) {
      if (position < 0) {
        throw fault(id, "has position " + position);
      }
    }
    if (mode == DECODE || positions.length == 0) {
      return;
    }
    if (extendLengths == null) {
      throw fault(id, "has no extend_seq_lens");
    }
    long tokens = 0;
    for (int length : extendLengths) {
      if (length < 0) {
        throw fault(id, "has a request of %d tokens".formatted(length));
      }
      tokens += length;
    }
    if (tokens != positions.length) {
      throw fault(
          id,
          "has %d positions, but its requests have %d tokens".formatted(positions.length, tokens));
    }
  }

  /** Memory until it has been read. */
  long bytes() {
    return OBJECT_BYTES
        + (long) Integer.BYTES
            * (positions.length + (extendLengths == null ? 0 : extendLengths.length));
  }

  CorruptTraceException fault(String reason) {
    return fault(id, reason);
  }

  private static CorruptTraceException fault(long id, String reason) {
    return new CorruptTraceException("forward pass %d %s".formatted(id, reason));
  }
}
