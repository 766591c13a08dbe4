package io.sextant.schema.trace;

/**
 * The routing of one request: which experts each of its tokens was sent to in each MoE layer.
 *
 * @param requestId id within its source
 * @param arrivalMillis arrival, milliseconds since 1970 UTC
 * @param domain subject of the request, as named by the source
 * @param sourceRank data-parallel rank that served the request
 * @param prefillTokens number of rows of the prompt, which come first
 * @param decodeTokens number of rows of generated tokens that were fed back
 * @param unphasedTokens number of rows whose phase the source does not tell; a request has either
 *     only such rows or none
 * @param topK number of experts per token in a layer
 * @param layers absolute ids of the MoE layers, ascending
 * @param experts expert ids, shape [layers][tokens x topK], token-major, prefill rows first, a
 *     token's best expert first
 * @param promptTokenIds token ids of the prompt; empty if the source does not give them. If the
 *     first tokens came from a cache, a source may give the ids of the whole prompt, which are more
 *     than the prefill rows, or only those of the rows, which are its last tokens
 * @param origin the request's name and pass in its source
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
    short[][] experts,
    int[] promptTokenIds,
    RequestOrigin origin) {
  private static final int[] UNKNOWN = {};

  /** A request whose source does not give the prompt's token ids. */
  public RequestTrace(
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
    this(
        requestId,
        arrivalMillis,
        domain,
        sourceRank,
        prefillTokens,
        decodeTokens,
        unphasedTokens,
        topK,
        layers,
        experts,
        UNKNOWN,
        RequestOrigin.UNKNOWN);
  }

  /** Number of rows of the request. */
  public int tokens() {
    return prefillTokens + decodeTokens + unphasedTokens;
  }
}
