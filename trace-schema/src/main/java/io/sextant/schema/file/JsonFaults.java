package io.sextant.schema.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;

/** What is wrong with JSON, in one line. */
public final class JsonFaults {
  private JsonFaults() {}

  /**
   * @param where where the file must not end, such as "inside its list of steps"
   */
  public static CorruptTraceException broken(
      JsonProcessingException e, TraceStream stream, String where) {
    if (stream.damage() != null) {
      return new CorruptTraceException(
          "truncated: after %d bytes %s".formatted(stream.position(), stream.damage()));
    }
    if (endsEarly(e)) {
      return new CorruptTraceException(
          "truncated: the file ends after %d bytes %s".formatted(stream.position(), where));
    }
    if (e.getLocation() == null) {
      // Beyond the parser's own limits, as of nesting.
      return new CorruptTraceException("not JSON: " + Faults.oneLine(e.getOriginalMessage()));
    }
    return new CorruptTraceException(
        "not JSON at line %d, column %d: %s"
            .formatted(
                e.getLocation().getLineNr(),
                e.getLocation().getColumnNr(),
                Faults.oneLine(e.getOriginalMessage())));
  }

  /** Whether the text ended where JSON goes on. */
  public static boolean endsEarly(JsonProcessingException e) {
    return e instanceof JsonEOFException || e.getOriginalMessage().contains("end-of-input");
  }
}
