package io.sextant.schema.trace;

/**
 * What is known about a request besides its routing.
 *
 * @param requestId id within its source
 * @param arrivalMillis arrival, milliseconds since 1970 UTC
 * @param domain what the request is about, as the source names it
 * @param sourceRank data-parallel rank that served it
 */
public record RequestHead(long requestId, long arrivalMillis, String domain, int sourceRank) {}
