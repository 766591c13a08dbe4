package io.sextant.schema.trace;

/**
 * The properties of a request besides its routing.
 *
 * @param requestId id within its source
 * @param arrivalMillis arrival, milliseconds since 1970 UTC
 * @param domain subject of the request, as named by the source
 * @param sourceRank data-parallel rank that served the request
 * @param promptTokenIds token ids of the prompt, or of its last tokens; empty if not known
 */
public record RequestHead(
    long requestId, long arrivalMillis, String domain, int sourceRank, int[] promptTokenIds) {
  private static final int[] UNKNOWN = {};

  /** A request whose prompt's token ids are not known. */
  public RequestHead(long requestId, long arrivalMillis, String domain, int sourceRank) {
    this(requestId, arrivalMillis, domain, sourceRank, UNKNOWN);
  }

  /** The same request with the token ids of its prompt. */
  public RequestHead withPrompt(int[] tokenIds) {
    return new RequestHead(requestId, arrivalMillis, domain, sourceRank, tokenIds);
  }
}
