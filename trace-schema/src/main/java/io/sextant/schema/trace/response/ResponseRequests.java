package io.sextant.schema.trace.response;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.FileNames;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.RequestHead;
import io.sextant.schema.trace.RequestOrigin;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceSink;
import io.sextant.schema.trace.routing.RequestRows;
import io.sextant.schema.trace.routing.RouteIds;
import io.sextant.schema.trace.routing.RouteTally;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Builds requests from the responses of a log, in a second pass over it. */
final class ResponseRequests {
  /** A request has no more parts than this; an id with more lines does not identify a request. */
  private static final int MOST_LINES = 64;

  private final TraceFile file;
  private final ModelSpec model;
  private final TraceHints hints;
  private final RouteIds ids;
  private final TraceSink sink;
  private final HeapShare share;
  private final RouteTally tally = new RouteTally();

  /** The lines of requests whose last line has not been read yet. */
  private final Map<Long, List<Response>> waiting = new HashMap<>();

  /** Number of lines read of each id that too many lines share. */
  private final Map<Long, Integer> shared = new HashMap<>();

  private long number;

  /**
   * @param share the memory budget for lines that wait for others
   */
  ResponseRequests(
      TraceFile file,
      ModelSpec model,
      TraceHints hints,
      RouteIds ids,
      TraceSink sink,
      HeapShare share) {
    this.file = file;
    this.model = model;
    this.hints = hints;
    this.ids = ids;
    this.sink = sink;
    this.share = share;
  }

  void read(ResponseIndex index, PrefillServer prefill) throws CorruptTraceException, IOException {
    ResponseParser.forEach(
        file,
        model.topK(),
        share,
        response -> {
          if (index.lacksRoutes(response)) {
            sink.reject(number++, "line %d: routed_experts is empty".formatted(response.line()));
          } else if (!response.routed().isEmpty()) {
            index.complete(response);
            take(response, index.routedLines(response), prefill);
          }
        });
    tally.report(sink, ids);
  }

  private void take(Response response, int lines, PrefillServer prefill)
      throws CorruptTraceException, IOException {
    if (lines == 1) {
      answers(response, id(response), prefill);
      return;
    }
    long key = ResponseIndex.key(response);
    if (lines > MOST_LINES) {
      tally.note(
          "line", "whose id too many lines share to be one request: each counts as a request");
      int before = shared.merge(key, 1, Integer::sum) - 1;
      answers(response, numbered(id(response), before) + (before == 0 ? "" : "/"), prefill);
      return;
    }
    List<Response> same = waiting.computeIfAbsent(key, k -> new ArrayList<>());
    same.add(response);
    if (same.size() == lines) {
      waiting.remove(key);
      together(same);
    }
  }

  /** A request with only one line; each answer in it becomes a request. */
  private void answers(Response response, String id, PrefillServer prefill)
      throws CorruptTraceException, IOException {
    List<Part> parts = new ArrayList<>();
    for (Answer answer : response.routed()) {
      add(parts, response, answer);
    }
    int index = 0;
    for (Part part : Samples.apart(response, parts, tally)) {
      deliver(numbered(id, index++), List.of(prefill.without(part, tally)));
    }
    Memory.give(share, response);
  }

  private void together(List<Response> same) throws IOException, CorruptTraceException {
    List<Part> parts = new ArrayList<>();
    for (Response response : same) {
      for (Answer answer : response.routed()) {
        add(parts, response, answer);
      }
    }
    int index = 0;
    for (List<Part> request : SameRequest.together(parts, tally)) {
      deliver(numbered(id(request.get(0).response()), index++), request);
    }
    same.forEach(response -> Memory.give(share, response));
  }

  private void add(List<Part> parts, Response response, Answer answer) throws IOException {
    try {
      parts.add(Part.of(response, answer, hints.promptTokens(), model));
    } catch (CorruptTraceException e) {
      sink.reject(number++, "line %d: %s".formatted(response.line(), e.getMessage()));
    }
  }

  private String id(Response response) {
    return response.id() == null
        ? "%s#line%d".formatted(TraceFiles.source(file.path()), response.line())
        : response.id();
  }

  /** Further answers, and further requests with the same id, get a number after the id. */
  private static String numbered(String id, int index) {
    return index == 0 ? id : id + "#" + index;
  }

  private void deliver(String id, List<Part> parts) throws CorruptTraceException, IOException {
    RequestRows rows = new RequestRows(model, ids, share);
    boolean prefixAssumed = false;
    for (Part part : parts) {
      prefixAssumed |= part.prefixAssumed();
      for (Part.Piece piece : part.pieces()) {
        rows.take(piece.array(), piece.span());
      }
    }
    Response last = parts.get(parts.size() - 1).response();
    long requestId = requestId(id);
    String where = "line %d: ".formatted(last.line());
    String doubt =
        parts.stream()
            .filter(part -> part.doubt() != null)
            .map(part -> "line %d: %s".formatted(part.response().line(), part.doubt()))
            .findFirst()
            .orElse(null);
    RequestHead head =
        last.head(requestId, file.modifiedMillis()).from(RequestOrigin.named(id, requestId));
    if (last.isTimeWrong()) {
      tally.note(
          "request",
          "whose time is not between 2000 and 2100; the time of the file counts as its arrival");
    }
    if (rows.deliver(sink, number++, where, head)) {
      tally.count(rows, prefixAssumed, doubt);
    }
  }

  /** The id of a request: a number as it is, or a hash of the whole text, such as {@code 0012}. */
  private static long requestId(String id) {
    return id.matches("0|[1-9]\\d{0,17}") ? Long.parseLong(id) : FileNames.hash(id);
  }
}
