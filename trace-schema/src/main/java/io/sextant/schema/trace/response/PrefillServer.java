package io.sextant.schema.trace.response;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceSink;
import io.sextant.schema.trace.routing.RouteTally;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The responses of a prefill server in a separate file beside those of the decode server: {@code
 * prefill.jsonl} beside {@code decode.jsonl}. For the requests in that file, the rows of the prompt
 * are counted from it.
 */
final class PrefillServer {
  private static final Pattern DECODE = Pattern.compile("decode", Pattern.CASE_INSENSITIVE);
  private static final long ENTRY_BYTES = 100;

  private final Map<Long, Long> ends = new HashMap<>();

  private PrefillServer() {}

  /**
   * Looks for the prefill server's file beside a file whose name contains {@code decode}.
   *
   * @param share the memory budget that the requests found are charged to
   */
  static PrefillServer beside(
      TraceFile file, ModelSpec model, TraceHints hints, HeapShare share, TraceSink sink)
      throws CorruptTraceException, IOException {
    PrefillServer server = new PrefillServer();
    String name = file.path().substring(file.path().lastIndexOf('/') + 1);
    Matcher decode = DECODE.matcher(name);
    if (!decode.find()) {
      return server;
    }
    String word = decode.group();
    String other =
        word.equals("DECODE") ? "PREFILL" : word.charAt(0) == 'D' ? "Prefill" : "prefill";
    Optional<TraceFile> prefill = file.sibling(decode.replaceFirst(other));
    if (prefill.isPresent()) {
      server.read(prefill.get(), model, hints, share, sink);
    }
    return server;
  }

  private void read(
      TraceFile file, ModelSpec model, TraceHints hints, HeapShare share, TraceSink sink)
      throws CorruptTraceException, IOException {
    try {
      ResponseParser.forEach(
          file,
          model.topK(),
          share,
          response -> {
            for (Answer answer : response.routed()) {
              note(response, answer, model, hints, share);
            }
            Memory.give(share, response);
          });
    } catch (CorruptTraceException e) {
      ends.clear();
      sink.warn(
          "%s beside it is not used: %s; the prompts' rows are taken from this file, whose server may never have run them"
              .formatted(file.path(), e.getMessage()));
    }
  }

  private void note(
      Response response, Answer answer, ModelSpec model, TraceHints hints, HeapShare share)
      throws CorruptTraceException, IOException {
    Part part;
    try {
      part = Part.of(response, answer, hints.promptTokens(), model);
    } catch (CorruptTraceException e) {
      return; // The fault of the request is reported when that file is read.
    }
    if (response.id() != null && part.promptOnly()) {
      share.take(ENTRY_BYTES);
      ends.merge(ResponseIndex.key(response), part.end(), Math::max);
    }
  }

  /** The part without the rows that the prefill server has. */
  Part without(Part part, RouteTally tally) {
    Long end = part.response().id() == null ? null : ends.get(ResponseIndex.key(part.response()));
    if (end == null || part.end() <= end) {
      return part;
    }
    tally.note(
        "request",
        "whose prompt's rows are in the prefill server's file beside this one: only the others are counted here");
    Part known = part.promptTokens() < 0 ? part.withPrompt(end, part.doubt()) : part;
    return known.from(end);
  }
}
