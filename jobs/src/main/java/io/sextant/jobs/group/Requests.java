package io.sextant.jobs.group;

import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.RequestKey;
import io.sextant.placement.grouping.LayerRequests;
import java.io.Serializable;

/**
 * The properties of the requests that are the same in every layer.
 *
 * @param layer absolute id of the layer from which they were read
 * @param keys shape [requests], in arrival order
 * @param start shape [requests + 1]: the first row of each request
 * @param prefill shape [requests]: prefill rows of each
 * @param pool the phases that run on a request's node
 */
record Requests(int layer, RequestKey[] keys, int[] start, int[] prefill, Pool pool)
    implements Serializable {

  int count() {
    return keys.length;
  }

  int rows(int request) {
    return start[request + 1] - start[request];
  }

  /** Rows from which the request's cost is learned: {@link LayerRequests#learnedRows}. */
  int learnedRows(int request) {
    return LayerRequests.learnedRows(start, prefill, request);
  }

  /** Prefill rows that run on the request's node. */
  int promptOnNode(int request) {
    return pool == Pool.DECODE ? 0 : prefill[request];
  }

  /** Rows that run on the request's node. */
  int rowsOnNode(int request) {
    return pool == Pool.DECODE ? rows(request) - prefill[request] : rows(request);
  }
}
