package io.sextant.schema.trace.response;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.FileNames;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.routing.MemoryRoutes;
import io.sextant.schema.trace.routing.RequestRows;
import io.sextant.schema.trace.routing.RouteIds;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The result of a first pass over a log: the number of lines with routes per request, the content
 * of other lines about the request (streamed events, a request log in the same file), and whether
 * ids are slots.
 */
final class ResponseIndex {
  private static final long ENTRY_BYTES = 300;

  private final Map<Long, Entry> entries = new HashMap<>();
  private long routed;
  private boolean routesField;

  /** The lines of one request. */
  private static final class Entry {
    private int routedLines;
    private boolean rejected;
    private Response other;
  }

  private ResponseIndex() {}

  /**
   * @param share the memory budget that the index is charged to
   */
  static ResponseIndex of(TraceFile file, ModelSpec model, RouteIds ids, HeapShare share)
      throws CorruptTraceException, IOException {
    ResponseIndex index = new ResponseIndex();
    ResponseParser.forEach(
        file,
        model.topK(),
        share,
        response -> {
          index.add(response, share);
          for (Answer answer : response.routed()) {
            inspect(answer.prompt, model, ids);
            inspect(answer.routes, model, ids);
            Memory.give(share, answer);
          }
        });
    ids.decide();
    return index;
  }

  private static void inspect(RouteValue value, ModelSpec model, RouteIds ids) throws IOException {
    if (value == null || !ids.undecided()) {
      return;
    }
    try {
      MemoryRoutes array = value.array(model, -1);
      ids.inspect(array, RequestRows.positions(model, array));
    } catch (CorruptTraceException e) {
      return; // The second pass rejects the request.
    }
  }

  private void add(Response response, HeapShare share) throws CorruptTraceException {
    boolean hasRoutes = !response.routed().isEmpty();
    routed += hasRoutes ? 1 : 0;
    routesField |= response.hasRoutesField();
    if (response.id() == null) {
      return;
    }
    Entry entry = entries.get(key(response));
    if (entry == null) {
      share.take(ENTRY_BYTES);
      entry = new Entry();
      entries.put(key(response), entry);
    }
    if (hasRoutes) {
      entry.routedLines++;
    } else if (entry.other == null) {
      share.take(idBytes(response));
      entry.other = response;
    } else {
      long before = idBytes(entry.other);
      entry.other.fillFrom(response);
      share.take(idBytes(entry.other) - before);
    }
  }

  private static long idBytes(Response response) {
    return Integer.BYTES * (long) response.promptTokenIds().length;
  }

  static long key(Response response) {
    return FileNames.hash(response.id());
  }

  /** Number of lines that have routes. */
  long routed() {
    return routed;
  }

  /** Whether any line had a field for routes. */
  boolean routesField() {
    return routesField;
  }

  /** Number of lines that have routes for the same request as this one. */
  int routedLines(Response response) {
    return response.id() == null ? 1 : entries.get(key(response)).routedLines;
  }

  /** Adds the values that lines without routes give for the request. */
  void complete(Response response) {
    Entry entry = response.id() == null ? null : entries.get(key(response));
    if (entry != null && entry.other != null) {
      response.fillFrom(entry.other);
    }
  }

  /**
   * Whether the request has an empty field for routes and no other line has routes; true only once.
   */
  boolean lacksRoutes(Response response) {
    if (!response.hasRoutesField() || !response.routed().isEmpty()) {
      return false;
    }
    if (response.id() == null) {
      return true;
    }
    Entry entry = entries.get(key(response));
    boolean lacks = entry.routedLines == 0 && !entry.rejected;
    entry.rejected = true;
    return lacks;
  }
}
