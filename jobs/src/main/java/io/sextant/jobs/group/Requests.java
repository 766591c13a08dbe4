package io.sextant.jobs.group;

import java.io.Serializable;

/**
 * The properties of the requests that are the same in every layer.
 *
 * @param layer absolute id of the layer from which they were read
 * @param ids shape [requests], in arrival order
 * @param start shape [requests + 1]: the first row of each request
 * @param prefill shape [requests]: prefill rows of each
 */
record Requests(int layer, long[] ids, int[] start, int[] prefill) implements Serializable {

  int count() {
    return ids.length;
  }

  int rows(int request) {
    return start[request + 1] - start[request];
  }
}
