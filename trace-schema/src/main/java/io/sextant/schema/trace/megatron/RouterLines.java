package io.sextant.schema.trace.megatron;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.JsonFaults;
import io.sextant.schema.file.JsonText;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceStream;
import java.io.IOException;

/** Reads the lines of a router trace. */
final class RouterLines {
  private static final JsonFactory JSON = JsonText.strict();

  private RouterLines() {}

  /** Receives the lines one by one. */
  @FunctionalInterface
  interface Sink {
    void take(RouterLine line) throws CorruptTraceException;
  }

  /**
   * Passes every whole line to the sink. A file may end inside its last line if the job was killed.
   *
   * @return number of the line in which the file ends; 0 if it ends after one
   * @throws CorruptTraceException if the file is damaged
   */
  static long forEach(TraceFile file, RouterLine line, Sink sink)
      throws CorruptTraceException, IOException {
    try (TraceStream stream = TraceStream.open(file)) {
      try (JsonParser parser = JSON.createParser(stream)) {
        long begun = 0;
        try {
          while (parser.nextToken() != null) {
            begun = parser.currentLocation().getLineNr();
            if (parser.currentToken() != JsonToken.START_OBJECT) {
              throw new CorruptTraceException("line %d is not a JSON object".formatted(begun));
            }
            line.read(parser);
            begun = 0;
            sink.take(line);
          }
        } catch (JsonProcessingException e) {
          // A record is one line. If it extends over more lines, the record is damaged.
          if (JsonFaults.endsEarly(e)
              && stream.damage() == null
              && e.getLocation().getLineNr() == begun) {
            return begun;
          }
          throw e;
        }
      } catch (JsonProcessingException e) {
        throw JsonFaults.broken(e, stream, "inside a line");
      }
      if (stream.damage() != null) {
        throw new CorruptTraceException(
            "after %d bytes %s".formatted(stream.position(), stream.damage()));
      }
    }
    return 0;
  }
}
