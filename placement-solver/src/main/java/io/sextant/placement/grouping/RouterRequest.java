package io.sextant.placement.grouping;

import io.sextant.schema.trace.RequestTrace;

/**
 * A request that is routed. A router reads only the components that it knows.
 *
 * @param label tenant, task or subject
 * @param promptTokenIds token ids of the prompt; empty if not known
 * @param promptTokens number of rows of the prompt
 * @param experts experts of the prompt's rows, shape [layers][rows x topK]; later rows are ignored.
 *     They are known only after prefill; null before
 * @param topK experts per token
 */
public record RouterRequest(
    String label, int[] promptTokenIds, int promptTokens, short[][] experts, int topK) {

  /** What a router can know of a recorded request. */
  public static RouterRequest of(RequestTrace request) {
    return new RouterRequest(
        request.domain(),
        request.promptTokenIds(),
        request.prefillTokens(),
        request.experts(),
        request.topK());
  }
}
