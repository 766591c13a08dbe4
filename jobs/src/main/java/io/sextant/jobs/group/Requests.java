package io.sextant.jobs.group;

import io.sextant.jobs.window.RequestKey;
import java.io.Serializable;

/**
 * The properties of the requests that are the same in every layer.
 *
 * @param layer absolute id of the layer from which they were read
 * @param keys shape [requests], in arrival order
 * @param start shape [requests + 1]: the first row of each request
 * @param prefill shape [requests]: prefill rows of each
 */
record Requests(int layer, RequestKey[] keys, int[] start, int[] prefill) implements Serializable {

  int count() {
    return keys.length;
  }

  int rows(int request) {
    return start[request + 1] - start[request];
  }
}
