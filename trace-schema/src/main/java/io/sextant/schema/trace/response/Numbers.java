package io.sextant.schema.trace.response;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;

/** Reads numbers and times from logs, whose fields may hold any value. */
final class Numbers {
  private static final long MOST = 1L << 40;

  /**
   * The years 2000 and 2100. A number outside is not a time since 1970; it may come from a clock
   * that counts from the start of a process.
   */
  private static final long EARLIEST_MILLIS = 946_684_800_000L;

  private static final long LATEST_MILLIS = 4_102_444_800_000L;

  private Numbers() {}

  /** The current number if it is a whole number from 0 to 2^40; otherwise -1. */
  static long whole(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
        || parser.getNumberType() == NumberType.BIG_INTEGER) {
      return -1;
    }
    long value = parser.getLongValue();
    return value >= 0 && value <= MOST ? value : -1;
  }

  /**
   * The current time in ms since 1970. The value is a number of seconds, ms, µs or ns,
   * distinguished by size, or ISO 8601 text with a zone.
   *
   * @return the time; -1 if the value is not a time between 2000 and 2100
   */
  static long time(JsonParser parser) throws IOException {
    double value;
    switch (parser.currentToken()) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> value = parser.getDoubleValue();
      case VALUE_STRING -> {
        return iso(parser.getText());
      }
      default -> {
        return -1;
      }
    }
    for (double perMilli : new double[] {1e-3, 1, 1e3, 1e6}) {
      double millis = value / perMilli;
      if (millis >= EARLIEST_MILLIS && millis < LATEST_MILLIS) {
        return (long) millis;
      }
    }
    return -1;
  }

  private static long iso(String text) {
    try {
      long millis = OffsetDateTime.parse(text.replace(' ', 'T')).toInstant().toEpochMilli();
      return millis >= EARLIEST_MILLIS && millis < LATEST_MILLIS ? millis : -1;
    } catch (DateTimeException e) {
      return -1;
    }
  }
}
