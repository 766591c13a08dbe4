package io.sextant.schema.trace;

/**
 * The routing of one request: which experts each of its tokens was sent to in each MoE layer.
 *
 * @param requestId id within its source
 * @param arrivalMillis arrival, milliseconds since 1970 UTC
 * @param domain what the request is about, as the source names it
 * @param sourceRank data-parallel rank that served it
 * @param prefillTokens rows of the prompt; they come first
 * @param decodeTokens rows of generated tokens that were fed back
 * @param unphasedTokens rows whose phase the source does not tell; a request has these alone or
 *     none
 * @param topK experts of a token in a layer
 * @param layers absolute ids of the MoE layers, ascending
 * @param experts shape [layers][tokens x topK], token-major, prefill rows first, a token's best
 *     expert first
 */
public record RequestTrace(
    long requestId,
    long arrivalMillis,
    String domain,
    int sourceRank,
    int prefillTokens,
    int decodeTokens,
    int unphasedTokens,
    int topK,
    int[] layers,
    short[][] experts) {

  /** All rows of the request. */
  public int tokens() {
    return prefillTokens + decodeTokens + unphasedTokens;
  }
}
