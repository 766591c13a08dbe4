package io.sextant.jobs.window;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The nodes to which a router sent requests. Requests with the same key cannot be told apart, so
 * all of them have the node of the first; {@link #duplicates} counts the others.
 */
public final class RequestRoutes implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Map<RequestKey, Integer> nodes = new LinkedHashMap<>();
  private long duplicates;

  /** Adds the next request in order of arrival. */
  public void add(RequestKey request, int node) {
    if (nodes.putIfAbsent(request, node) != null) {
      duplicates++;
    }
  }

  /** The node of a request; null if it was not routed. */
  public Integer node(RequestKey request) {
    return nodes.get(request);
  }

  /** Passes each request and its node, in the order of arrival. */
  public void forEach(BiConsumer<RequestKey, Integer> each) {
    nodes.forEach(each);
  }

  /** Number of requests with different keys. */
  public int size() {
    return nodes.size();
  }

  public boolean isEmpty() {
    return nodes.isEmpty();
  }

  /** Number of requests that have the source, id and arrival of an earlier one. */
  public long duplicates() {
    return duplicates;
  }

  /** Prints how many requests cannot be told apart, if there are any. */
  public void report() {
    if (duplicates > 0) {
      System.err.printf(
          "sextant: %,d requests have the source, id and arrival of another; they run on its node%n",
          duplicates);
    }
  }
}
