package io.sextant.jobs.window;

import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.trace.RequestTrace;
import java.io.Serializable;

/**
 * What distinguishes a request from all others. An id alone does not: many sources count requests
 * from 0 in each file or on each day.
 *
 * @param source name of the file that the request came from, without extensions
 * @param requestId id within its source
 * @param arrivalMillis arrival, ms since 1970 UTC
 */
public record RequestKey(String source, long requestId, long arrivalMillis)
    implements Serializable {

  /** The key of a request that was read from a file. */
  public static RequestKey of(String path, RequestTrace request) {
    return new RequestKey(TraceFiles.source(path), request.requestId(), request.arrivalMillis());
  }
}
