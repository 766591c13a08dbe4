package io.sextant.jobs;

import io.sextant.schema.trace.RequestTrace;

/** Gives real requests the ids and arrivals of sources that count from 0 in each file. */
public final class Restarted {

  private Restarted() {}

  /** The same request with another id. */
  public static RequestTrace with(RequestTrace request, long id) {
    return with(request, id, request.arrivalMillis());
  }

  /** The same request with another id and arrival. */
  public static RequestTrace with(RequestTrace request, long id, long arrivalMillis) {
    return new RequestTrace(
        id,
        arrivalMillis,
        request.domain(),
        request.sourceRank(),
        request.prefillTokens(),
        request.decodeTokens(),
        request.unphasedTokens(),
        request.topK(),
        request.layers(),
        request.experts(),
        request.promptTokenIds(),
        request.origin());
  }
}
