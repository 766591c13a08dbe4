package io.sextant.schema.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;

/** Describes JSON faults in one line. */
public final class JsonFaults {
  private JsonFaults() {}

  /**
   * @param where a place at which the file must not end, such as "inside its list of steps"
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
      // The text exceeds a limit of the parser, such as the depth of nesting.
      return new CorruptTraceException("not JSON: " + Faults.oneLine(e.getOriginalMessage()));
    }
    return new CorruptTraceException(
        "not JSON at line %d, column %d: %s"
            .formatted(
                e.getLocation().getLineNr(),
                e.getLocation().getColumnNr(),
                Faults.oneLine(e.getOriginalMessage())));
  }

  /** Whether the text ended before the JSON did. */
  public static boolean endsEarly(JsonProcessingException e) {
    return e instanceof JsonEOFException || e.getOriginalMessage().contains("end-of-input");
  }
}
