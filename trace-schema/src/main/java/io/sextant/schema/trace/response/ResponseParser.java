package io.sextant.schema.trace.response;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.file.JsonFaults;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceStream;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads the JSON objects of a log of responses: one per line, one over several lines, or a list of
 * them; also server-sent events. {@link ResponseFields} reads their fields.
 */
public final class ResponseParser {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CHARSET_DETECTION) // as JsonText
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // Python writes NaN and -Infinity in log probabilities.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private ResponseParser() {}

  /** Receives the objects one by one. */
  @FunctionalInterface
  interface Sink {
    void response(Response response) throws CorruptTraceException, IOException;
  }

  /**
   * Passes every object to the sink.
   *
   * @param topK number of experts per token in a layer
   * @param share the memory budget that the routes are charged to; the sink releases the memory of
   *     routes that it no longer needs
   * @throws CorruptTraceException if the file is not JSON or ends early
   */
  static void forEach(TraceFile file, int topK, HeapShare share, Sink sink)
      throws CorruptTraceException, IOException {
    try (TraceStream stream = TraceStream.open(file)) {
      try (JsonParser parser = JSON.createParser(new EventStream(stream))) {
        int depth = 0;
        for (JsonToken token; (token = parser.nextToken()) != null; ) {
          long line = parser.currentLocation().getLineNr();
          switch (token) {
            case START_ARRAY -> depth++;
            case END_ARRAY -> depth--;
            case START_OBJECT -> {
              Response response = new Response(line);
              new ResponseFields(parser, response, new RouteValueParser(topK, share)).read();
              sink.response(response);
            }
            default ->
                throw new CorruptTraceException("line %d is not a JSON object".formatted(line));
          }
        }
        if (depth != 0) {
          throw new CorruptTraceException("truncated: the file ends inside its list of responses");
        }
      } catch (JsonProcessingException e) {
        throw JsonFaults.broken(e, stream, "inside a response");
      }
      if (stream.damage() != null) {
        throw new CorruptTraceException(
            "after %d bytes %s".formatted(stream.position(), stream.damage()));
      }
    }
  }

  /**
   * The response in a file that holds only one object.
   *
   * @return the response; empty if the file has no object or several
   */
  public static Optional<Response> only(TraceFile file, int topK)
      throws CorruptTraceException, IOException {
    Response[] found = new Response[1];
    int[] count = new int[1];
    HeapShare share = new HeapShare();
    forEach(
        file,
        topK,
        share,
        response -> {
          found[0] = response;
          count[0]++;
        });
    return count[0] == 1 ? Optional.of(found[0]) : Optional.empty();
  }
}
