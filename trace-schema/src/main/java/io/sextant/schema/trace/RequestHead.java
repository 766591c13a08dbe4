package io.sextant.schema.trace;

/**
 * The properties of a request besides its routing.
 *
 * @param requestId id within its source
 * @param arrivalMillis arrival, milliseconds since 1970 UTC
 * @param domain subject of the request, as named by the source
 * @param sourceRank data-parallel rank that served the request
 * @param promptTokenIds token ids of the prompt, or of its last tokens; empty if not known
 * @param origin the request's name and pass in its source
 */
public record RequestHead(
    long requestId,
    long arrivalMillis,
    String domain,
    int sourceRank,
    int[] promptTokenIds,
    RequestOrigin origin) {
  private static final int[] UNKNOWN = {};

  /** A request whose prompt's token ids are not known. */
  public RequestHead(long requestId, long arrivalMillis, String domain, int sourceRank) {
    this(requestId, arrivalMillis, domain, sourceRank, UNKNOWN);
  }

  /** A request whose id is its name, and whose pass is not known. */
  public RequestHead(
      long requestId, long arrivalMillis, String domain, int sourceRank, int[] promptTokenIds) {
    this(requestId, arrivalMillis, domain, sourceRank, promptTokenIds, RequestOrigin.UNKNOWN);
  }

  /** The same request with the token ids of its prompt. */
  public RequestHead withPrompt(int[] tokenIds) {
    return new RequestHead(requestId, arrivalMillis, domain, sourceRank, tokenIds, origin);
  }

  /** The same request with its name and pass. */
  public RequestHead from(RequestOrigin source) {
    return new RequestHead(requestId, arrivalMillis, domain, sourceRank, promptTokenIds, source);
  }
}
