package io.sextant.jobs.ingest;

import io.sextant.schema.trace.RequestTrace;
import java.time.Duration;

/**
 * Computes the identity by which a request is recognised in another file, compression or format: a
 * hash of its id, arrival, number of rows, and routing in the first and last layer. A prompt that
 * is sent again has the same routing, but another id or arrival, so it counts again.
 */
final class RequestIdentity {
  private static final long MILLIS_PER_DAY = Duration.ofDays(1).toMillis();
  private static final long PRIME = 0x100000001B3L;

  private RequestIdentity() {}

  /**
   * @param fileMillis time at which the request's file was written. If that is the only arrival
   *     that a request with a name has, its day counts, because a copy may be written at another
   *     time
   */
  static long of(RequestTrace request, long fileMillis) {
    long arrival = request.arrivalMillis();
    boolean untimed = request.origin().name() != null && arrival == fileMillis;
    long hash = mix(request.requestId());
    hash = mix(hash ^ (untimed ? Math.floorDiv(arrival, MILLIS_PER_DAY) : arrival));
    hash = mix(hash ^ request.tokens());
    short[][] experts = request.experts();
    hash = mix(hash ^ hash(experts[0]));
    return mix(hash ^ hash(experts[experts.length - 1]));
  }

  private static long hash(short[] ids) {
    long hash = 0;
    for (short id : ids) {
      hash = hash * PRIME + id;
    }
    return hash;
  }

  /** Distributes the bits, as splitmix64 finishes (Steele et al., 2014). */
  private static long mix(long value) {
    long x = value + 0x9E3779B97F4A7C15L;
    x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }
}
